#include "api/handlers/handlers.h"

namespace sluice::api {

Methods AllHandlers() {
  Methods methods;
  ServeAccountTests(methods);
  ServeAccountWatch(methods);
  ServeActivities(methods);
  ServeAffiliations(methods);
  ServeAttributionEntries(methods);
  ServeAttributionLists(methods);
  ServeAuditLog(methods);
  ServeAwards(methods);
  ServeBankAccounts(methods);
  ServeChecks(methods);
  ServeContacts(methods);
  ServeContractDates(methods);
  ServeContractTemplates(methods);
  ServeContractVersions(methods);
  ServeContracts(methods);
  ServeCycles(methods);
  ServeDeliveries(methods);
  ServeDisputeCommands(methods);
  ServeDisputes(methods);
  ServeDormancyRules(methods);
  ServeEpisodes(methods);
  ServeFacts(methods);
  ServeFeeds(methods);
  ServeGates(methods);
  ServeGrants(methods);
  ServeInboundFiles(methods);
  ServeLedger(methods);
  ServeNetworks(methods);
  ServeNotices(methods);
  ServeOnboarding(methods);
  ServeOperations(methods);
  ServeOverrides(methods);
  ServePanels(methods);
  ServeParties(methods);
  ServePayees(methods);
  ServePaymentFiles(methods);
  ServePaymentMarks(methods);
  ServePaymentRules(methods);
  ServePayments(methods);
  ServePoolTransfers(methods);
  ServePools(methods);
  ServePreferences(methods);
  ServeProgramCalculation(methods);
  ServePrograms(methods);
  ServeRecalculations(methods);
  ServeReconciliation(methods);
  ServeReversals(methods);
  ServeRosters(methods);
  ServeRunCommands(methods);
  ServeRunWork(methods);
  ServeRuns(methods);
  ServeScreening(methods);
  ServeTax(methods);
  ServeUnclaimed(methods);
  ServeUploads(methods);
  ServeUsers(methods);
  ServeWithholds(methods);
  return methods;
}

}  // namespace sluice::api
