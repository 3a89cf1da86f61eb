#include "cli/inputs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "cli/errors.h"
#include "cli/files.h"

namespace cli {
namespace {

using reference::Graph;
using reference::OperatorKind;
using reference::TensorData;
using reference::TensorType;

/// An int8 input [1,2] with scale 0.5 and zero point 10; `is_float` puts a QUANTIZE in front of it.
Graph graph_with_input(bool is_float) {
  Graph graph;
  graph.tensors.push_back({"x", TensorType::kInt8, {1, 2}, {{0.5F}, {10}, 0}, std::nullopt});
  graph.inputs = {0};
  if (is_float) {
    graph.tensors.push_back({"real", TensorType::kFloat32, {1, 2}, {}, std::nullopt});
    graph.operators.push_back({OperatorKind::kQuantize, {1}, {0}, {}});
    graph.inputs = {1};
  }
  graph.outputs = {0};
  return graph;
}

std::vector<std::uint8_t> floats(std::vector<float> values) {
  std::vector<std::uint8_t> bytes(values.size() * sizeof(float));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::vector<std::uint8_t> npy(const std::string& descr, const std::vector<std::uint8_t>& body) {
  const std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2,), }\n";
  std::string file = "\x93NUMPY\x01";
  file += '\0';
  file += static_cast<char>(header.size());
  file += '\0';
  file += header;
  file.append(body.begin(), body.end());
  return {file.begin(), file.end()};
}

class Inputs : public testing::Test {
 protected:
  std::string file(const std::string& name, const std::vector<std::uint8_t>& bytes) {
    write_file(folder_.path() / name, bytes);
    return (folder_.path() / name).string();
  }
  TemporaryFolder folder_;
};

TEST_F(Inputs, QuantisesRealValuesForAnInt8Input) {
  const auto path = file("x.npy", npy("<f4", floats({1.0F, -1000.0F})));
  EXPECT_THAT(load_inputs(graph_with_input(false), path), testing::ElementsAre(TensorData{12, 0x80}));
}

TEST_F(Inputs, KeepsRealValuesForAFloatInput) {
  const auto path = file("x.npy", npy("<f4", floats({1.0F, 2.5F})));
  EXPECT_THAT(load_inputs(graph_with_input(true), path), testing::ElementsAre(floats({1.0F, 2.5F})));
}

TEST_F(Inputs, TurnsQuantisedValuesIntoRealOnesForAFloatInput) {
  const auto path = file("x.npy", npy("|i1", {12, 0xFF}));
  EXPECT_THAT(load_inputs(graph_with_input(true), path), testing::ElementsAre(floats({1.0F, -5.5F})));
}

TEST_F(Inputs, MapsPixelsOntoTheWholeInt8Range) {
  const auto path = file("x.npy", npy("|u1", {0, 255}));
  EXPECT_THAT(load_inputs(graph_with_input(false), path), testing::ElementsAre(TensorData{0x80, 0x7F}));
}

TEST_F(Inputs, ReadsRawBytesInTheTensorsOwnTypeOrQuantised) {
  EXPECT_THAT(load_inputs(graph_with_input(false), file("x", {1, 2})),
              testing::ElementsAre(TensorData{1, 2}));
  EXPECT_THAT(load_inputs(graph_with_input(true), file("y", floats({3.0F, 4.0F}))),
              testing::ElementsAre(floats({3.0F, 4.0F})));
  EXPECT_THAT(load_inputs(graph_with_input(true), file("z", {10, 12})),
              testing::ElementsAre(floats({0.0F, 1.0F})));
}

TEST_F(Inputs, RejectsRealValuesThatAreNoNumbers) {
  const auto path = file("x.npy", npy("<f4", floats({1.0F, NAN})));
  EXPECT_THROW(load_inputs(graph_with_input(false), path), InputError);
}

TEST_F(Inputs, RejectsSizesAndSeedsThatDoNotFit) {
  EXPECT_THROW(load_inputs(graph_with_input(false), file("x", {1, 2, 3})), InputError);
  EXPECT_THROW(load_inputs(graph_with_input(false), "seed:-1"), InputError);
  EXPECT_THROW(load_inputs(graph_with_input(false), "seed:"), InputError);
  EXPECT_THROW(load_inputs(graph_with_input(false), "seed:4294967296"), InputError);
}

}  // namespace
}  // namespace cli
