// From a file's operator to Options; part of tflite_reader.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "reference/graph.h"
#include "reference/tflite_generated.h"

namespace reference {

/// The operator that a builtin code stands for; nothing where it is not supported.
std::optional<OperatorKind> operator_kind(tflite::BuiltinOperator code);

/// Throws what `fail` throws, given the text of the problem.
using Fail = std::function<void(const std::string& text)>;

/// The options that `op` carries, as those of `kind`. `fail` must throw.
Options read_options(OperatorKind kind, const tflite::Operator& op, const Fail& fail);

}  // namespace reference
