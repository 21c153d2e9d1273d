// Contacts: what is an address, what is a number, who is active.
#include "hierarchy/contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::hierarchy {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

TEST(Contact, AnEmailAddressHasOneSpelling) {
  EXPECT_EQ(ParseEmail(" Ann.Lee+vbp@Example.ORG ").value(), "Ann.Lee+vbp@example.org");
  for (const char* wrong :
       {"", "ann", "ann@", "@example.org", "a@b@c.org", "ann@example", "ann@.org",
        "ann@exa mple.org", ".ann@example.org", "ann..lee@example.org", "ann@-x.org", "ann@x.1",
        "ann lee@x.org", "\xC3\xA4@example.org"}) {
    EXPECT_FALSE(ParseEmail(wrong).ok()) << wrong;
  }
}

TEST(Contact, ATelephoneNumberHasOneSpelling) {
  for (const char* same : {"206-555-0100", "(206) 555-0100", "+1 206 555 0100", "1.206.555.0100"}) {
    EXPECT_EQ(ParsePhone(same).value(), "+12065550100") << same;
  }
  EXPECT_EQ(ParsePhone("206-555-0100 ext. 12").value(), "+12065550100x12");
  EXPECT_EQ(ParsePhone("206-555-0100x7").value(), "+12065550100x7");
  for (const char* wrong : {"", "555-0100", "106-555-0100", "206-155-0100", "+44 20 7946 0000",
                            "206-555-0100 extra", "206-555-01000", "206#5550100"}) {
    EXPECT_FALSE(ParsePhone(wrong).ok()) << wrong;
  }
}

// feature:H12
TEST(Contact, OneThatCannotBeReachedOrHasNoDaysIsRefused) {
  Contact contact{.id = ContactId(1),
                  .name = "Ann Lee",
                  .email = "ann@EXAMPLE.org",
                  .valid = DateRange::Year(2026)};
  EXPECT_EQ(CheckContact(contact).value().email, "ann@example.org");
  contact.email.clear();
  EXPECT_THAT(StatusMessage(CheckContact(contact).status()), HasSubstr("cannot be reached"));
  contact.phone = "2065550100";
  EXPECT_EQ(CheckContact(contact).value().phone, "+12065550100");
  contact.valid.to = contact.valid.from;
  EXPECT_FALSE(CheckContact(contact).ok());
}

TEST(Contact, ActiveFromTheFirstDayToBeforeTheLast) {
  const std::vector<Contact> contacts = {
      {.id = ContactId(2), .party = PartyId(9), .valid = DateRange::Year(2026)},
      {.id = ContactId(1), .party = PartyId(9), .valid = DateRange::From(MakeDate(2026, 6, 1))},
      {.id = ContactId(3), .party = PartyId(9), .valid = DateRange::Year(2026), .withdrawn = true},
      {.id = ContactId(4), .party = PartyId(), .valid = DateRange::Year(2026)}};
  EXPECT_THAT(ActiveContacts(contacts, PartyId(9), MakeDate(2025, 12, 31)), SizeIs(0));
  EXPECT_THAT(ActiveContacts(contacts, PartyId(9), MakeDate(2026, 1, 1)), SizeIs(1));
  EXPECT_THAT(ActiveContacts(contacts, PartyId(9), MakeDate(2026, 12, 31)), SizeIs(2));
  EXPECT_THAT(ActiveContacts(contacts, PartyId(9), MakeDate(2027, 1, 1)), SizeIs(1));
  EXPECT_EQ(ActiveContacts(contacts, PartyId(), MakeDate(2026, 1, 1))[0].id, ContactId(4));
}

TEST(Contact, KindsHaveNames) {
  for (std::int16_t kind = 1; kind <= 6; ++kind) {
    const auto value = static_cast<ContactKind>(kind);
    EXPECT_EQ(ParseContactKind(ContactKindName(value)).value(), value);
  }
  EXPECT_THAT(StatusMessage(ParseContactKind("friend").status()), HasSubstr("clinical"));
}

}  // namespace
}  // namespace sluice::hierarchy
