#include "api/handlers/handlers.h"

namespace sluice::api {

Methods AllHandlers() {
  Methods methods;
  ServeActivities(methods);
  ServeAttributionEntries(methods);
  ServeAttributionLists(methods);
  ServeContacts(methods);
  ServeCycles(methods);
  ServeDisputeCommands(methods);
  ServeDisputes(methods);
  ServeEpisodes(methods);
  ServeFeeds(methods);
  ServeGates(methods);
  ServeInboundFiles(methods);
  ServeLedger(methods);
  ServeOnboarding(methods);
  ServePanels(methods);
  ServeParties(methods);
  ServePaymentFiles(methods);
  ServePayments(methods);
  ServePools(methods);
  ServeRuns(methods);
  ServeRunCommands(methods);
  ServeUsers(methods);
  ServeWithholds(methods);
  return methods;
}

}  // namespace sluice::api
