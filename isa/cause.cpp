#include "isa/cause.h"

namespace isa {

const char* to_string(Cause cause) {
  switch (cause) {
    case Cause::kIssue:
      return "issue";
    case Cause::kDependency:
      return "dependency";
    case Cause::kStructural:
      return "structural";
    case Cause::kBranch:
      return "branch";
    case Cause::kIFetch:
      return "i-fetch";
    case Cause::kDLoad:
      return "d-load";
    case Cause::kDStore:
      return "d-store";
    case Cause::kBus:
      return "bus";
    case Cause::kDevice:
      return "device";
  }
  return "?";
}

}  // namespace isa
