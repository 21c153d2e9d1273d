#include "api/handlers/handlers.h"

namespace sluice::api {

Methods AllHandlers() {
  Methods methods;
  ServeContacts(methods);
  ServeCycles(methods);
  ServeOnboarding(methods);
  ServeParties(methods);
  ServeRuns(methods);
  ServeRunCommands(methods);
  ServeUsers(methods);
  return methods;
}

}  // namespace sluice::api
