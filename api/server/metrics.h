// What a running server counts, as Prometheus reads it.
//
// Labels are names of the contract and of codes, never of people or things: their number is
// bounded.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace sluice::api {

enum class Transport { kGrpc, kHttps };

class Metrics {
 public:
  Metrics();
  ~Metrics();

  // A call that was answered; `method` is of the contract, or the path of a page.
  void Answered(Transport transport, const std::string& method, std::string_view code,
                std::chrono::steady_clock::duration took);
  // A connection came (1) or went (-1).
  void Connections(Transport transport, int change);

  // The text format that /metrics answers with.
  std::string Text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sluice::api
