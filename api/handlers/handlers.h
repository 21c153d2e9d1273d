// The handlers of the service: one file for each service of the contract. A handler reads the
// request, calls a use case, and writes its answer as a message.
#pragma once

#include "api/service/methods.h"

namespace sluice::api {

void ServeAccountTests(Methods& methods);
void ServeAccountWatch(Methods& methods);
void ServeActivities(Methods& methods);
void ServeAffiliations(Methods& methods);
void ServeAttributionEntries(Methods& methods);
void ServeAttributionLists(Methods& methods);
void ServeAuditLog(Methods& methods);
void ServeAwards(Methods& methods);
void ServeBankAccounts(Methods& methods);
void ServeChecks(Methods& methods);
void ServeContacts(Methods& methods);
void ServeContractDates(Methods& methods);
void ServeContractTemplates(Methods& methods);
void ServeContractVersions(Methods& methods);
void ServeContracts(Methods& methods);
void ServeCycles(Methods& methods);
void ServeDeliveries(Methods& methods);
void ServeDisputeCommands(Methods& methods);
void ServeDisputes(Methods& methods);
void ServeDormancyRules(Methods& methods);
void ServeEpisodes(Methods& methods);
void ServeFacts(Methods& methods);
void ServeFeeds(Methods& methods);
void ServeGates(Methods& methods);
void ServeGrants(Methods& methods);
void ServeInboundFiles(Methods& methods);
void ServeLedger(Methods& methods);
void ServeNetworks(Methods& methods);
void ServeNotices(Methods& methods);
void ServeOnboarding(Methods& methods);
void ServeOperations(Methods& methods);
void ServeOverrides(Methods& methods);
void ServePanels(Methods& methods);
void ServeParties(Methods& methods);
void ServePayees(Methods& methods);
void ServePaymentFiles(Methods& methods);
void ServePaymentMarks(Methods& methods);
void ServePaymentRules(Methods& methods);
void ServePayments(Methods& methods);
void ServePoolTransfers(Methods& methods);
void ServePools(Methods& methods);
void ServePreferences(Methods& methods);
void ServeProgramCalculation(Methods& methods);
void ServePrograms(Methods& methods);
void ServeRecalculations(Methods& methods);
void ServeReconciliation(Methods& methods);
void ServeReversals(Methods& methods);
void ServeRosters(Methods& methods);
void ServeRunCommands(Methods& methods);
void ServeRunWork(Methods& methods);
void ServeRuns(Methods& methods);
void ServeScreening(Methods& methods);
void ServeTax(Methods& methods);
void ServeUnclaimed(Methods& methods);
void ServeUploads(Methods& methods);
void ServeUsers(Methods& methods);
void ServeWithholds(Methods& methods);

// All of them.
Methods AllHandlers();

}  // namespace sluice::api
