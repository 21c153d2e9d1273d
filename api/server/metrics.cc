#include "api/server/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace sluice::api {
namespace {

std::string NameOf(Transport transport) { return transport == Transport::kGrpc ? "grpc" : "https"; }

}  // namespace

struct Metrics::State {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& calls =
      prometheus::BuildCounter()
          .Name("sluice_calls_total")
          .Help("Calls answered, by transport, method and code")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& seconds =
      prometheus::BuildHistogram()
          .Name("sluice_call_seconds")
          .Help("How long calls took, by transport and method")
          .Register(registry);
  prometheus::Family<prometheus::Gauge>& connections =
      prometheus::BuildGauge()
          .Name("sluice_connections")
          .Help("Connections that are open, by transport")
          .Register(registry);
};

Metrics::Metrics() : state_(std::make_unique<State>()) {}

Metrics::~Metrics() = default;

void Metrics::Answered(Transport transport, const std::string& method, std::string_view code,
                       std::chrono::steady_clock::duration took) {
  static const prometheus::Histogram::BucketBoundaries kBounds{
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  state_->calls
      .Add({{"transport", NameOf(transport)}, {"method", method}, {"code", std::string(code)}})
      .Increment();
  state_->seconds.Add({{"transport", NameOf(transport)}, {"method", method}}, kBounds)
      .Observe(std::chrono::duration<double>(took).count());
}

void Metrics::Connections(Transport transport, int change) {
  state_->connections.Add({{"transport", NameOf(transport)}}).Increment(change);
}

std::string Metrics::Text() const {
  return prometheus::TextSerializer().Serialize(state_->registry.Collect());
}

}  // namespace sluice::api
