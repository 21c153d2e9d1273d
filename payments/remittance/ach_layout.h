// The record layout of NACHA files: which columns hold which field (FORMATS section 1).
//
// The one thing that the writer and the independent reader share: a table copied from the standard.
// Positions count from 1, as the standard does.
#pragma once

#include <cstddef>

namespace sluice::payments::ach {

struct Field {
  std::size_t position;
  std::size_t length;
};

inline constexpr std::size_t kRecordLength = 94;
inline constexpr std::size_t kBlockingFactor = 10;

// File header (1).
inline constexpr Field kPriorityCode{2, 2};
inline constexpr Field kImmediateDestination{4, 10};
inline constexpr Field kImmediateOrigin{14, 10};
inline constexpr Field kCreationDate{24, 6};
inline constexpr Field kCreationTime{30, 4};
inline constexpr Field kFileIdModifier{34, 1};
inline constexpr Field kRecordSize{35, 3};
inline constexpr Field kBlocking{38, 2};
inline constexpr Field kFormatCode{40, 1};
inline constexpr Field kDestinationName{41, 23};
inline constexpr Field kOriginName{64, 23};
inline constexpr Field kReferenceCode{87, 8};

// Batch header (5).
inline constexpr Field kServiceClass{2, 3};
inline constexpr Field kCompanyName{5, 16};
inline constexpr Field kCompanyDiscretionary{21, 20};
inline constexpr Field kCompanyId{41, 10};
inline constexpr Field kSecCode{51, 3};
inline constexpr Field kEntryDescription{54, 10};
inline constexpr Field kDescriptiveDate{64, 6};
inline constexpr Field kEffectiveDate{70, 6};
inline constexpr Field kSettlementDate{76, 3};
inline constexpr Field kOriginatorStatus{79, 1};
inline constexpr Field kBatchOdfi{80, 8};
inline constexpr Field kBatchNumber{88, 7};

// Entry detail (6).
inline constexpr Field kTransactionCode{2, 2};
inline constexpr Field kRdfi{4, 8};
inline constexpr Field kCheckDigit{12, 1};
inline constexpr Field kAccountNumber{13, 17};
inline constexpr Field kAmount{30, 10};
inline constexpr Field kIdentification{40, 15};
inline constexpr Field kReceiverName{55, 22};
inline constexpr Field kCtxAddendaCount{55, 4};
inline constexpr Field kCtxReceiverName{59, 16};
inline constexpr Field kDiscretionary{77, 2};
inline constexpr Field kAddendaIndicator{79, 1};
inline constexpr Field kTraceNumber{80, 15};

// Addenda (7): 05, and the fields of 98 and 99.
inline constexpr Field kAddendaType{2, 2};
inline constexpr Field kPaymentInformation{4, 80};
inline constexpr Field kAddendaSequence{84, 4};
inline constexpr Field kAddendaEntrySequence{88, 7};
inline constexpr Field kReturnCode{4, 3};
inline constexpr Field kOriginalTrace{7, 15};
inline constexpr Field kOriginalRdfi{28, 8};
inline constexpr Field kDateOfDeath{22, 6};
inline constexpr Field kReturnInformation{36, 44};
inline constexpr Field kCorrectedData{36, 29};
inline constexpr Field kReturnTrace{80, 15};
inline constexpr Field kDisputedReturnTrace{39, 15};  // of a dishonored or contested return

// Batch control (8).
inline constexpr Field kControlEntryCount{5, 6};
inline constexpr Field kControlHash{11, 10};
inline constexpr Field kControlDebits{21, 12};
inline constexpr Field kControlCredits{33, 12};
inline constexpr Field kControlCompanyId{45, 10};
inline constexpr Field kControlReserved{55, 25};

// File control (9).
inline constexpr Field kFileBatchCount{2, 6};
inline constexpr Field kFileBlockCount{8, 6};
inline constexpr Field kFileEntryCount{14, 8};
inline constexpr Field kFileHash{22, 10};
inline constexpr Field kFileDebits{32, 12};
inline constexpr Field kFileCredits{44, 12};
inline constexpr Field kFileReserved{56, 39};

}  // namespace sluice::payments::ach
