#include "api/handlers/handlers.h"

namespace sluice::api {

Methods AllHandlers() {
  Methods methods;
  ServeParties(methods);
  ServeRuns(methods);
  return methods;
}

}  // namespace sluice::api
