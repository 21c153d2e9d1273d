#include "api/handlers/handlers.h"

namespace sluice::api {

Methods AllHandlers() {
  Methods methods;
  ServeActivities(methods);
  ServeAttributionEntries(methods);
  ServeAttributionLists(methods);
  ServeAccountTests(methods);
  ServeAccountWatch(methods);
  ServeBankAccounts(methods);
  ServeAwards(methods);
  ServeContacts(methods);
  ServeContracts(methods);
  ServeContractDates(methods);
  ServeContractTemplates(methods);
  ServeContractVersions(methods);
  ServeCycles(methods);
  ServeDisputeCommands(methods);
  ServeDisputes(methods);
  ServeEpisodes(methods);
  ServeFeeds(methods);
  ServeGates(methods);
  ServeChecks(methods);
  ServeContacts(methods);
  ServeCycles(methods);
  ServeDeliveries(methods);
  ServeDormancyRules(methods);
  ServeInboundFiles(methods);
  ServeLedger(methods);
  ServeNotices(methods);
  ServeAffiliations(methods);
  ServeAuditLog(methods);
  ServeContacts(methods);
  ServeCycles(methods);
  ServeGrants(methods);
  ServeNetworks(methods);
  ServeOnboarding(methods);
  ServePanels(methods);
  ServeOperations(methods);
  ServeParties(methods);
  ServePaymentFiles(methods);
  ServePaymentMarks(methods);
  ServePaymentRules(methods);
  ServePayments(methods);
  ServePools(methods);
  ServePoolTransfers(methods);
  ServeReconciliation(methods);
  ServeReversals(methods);
  ServePayees(methods);
  ServePreferences(methods);
  ServeFacts(methods);
  ServeOnboarding(methods);
  ServeOverrides(methods);
  ServeParties(methods);
  ServePrograms(methods);
  ServeRecalculations(methods);
  ServeProgramCalculation(methods);
  ServeRosters(methods);
  ServeRuns(methods);
  ServeRunCommands(methods);
  ServeUnclaimed(methods);
  ServeScreening(methods);
  ServeTax(methods);
  ServeRunWork(methods);
  ServeUploads(methods);
  ServeUsers(methods);
  ServeWithholds(methods);
  return methods;
}

}  // namespace sluice::api
