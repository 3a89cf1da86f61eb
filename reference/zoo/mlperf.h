// The four networks of MLPerf Tiny, operator for operator as their published .tflite files have them.
#pragma once

#include "reference/graph.h"

namespace reference::zoo {

/// Image classification: int8 [1,32,32,3] to 10 classes.
Graph mlperf_resnet8();
/// Keyword spotting: int8 [1,49,10,1] to 12 classes.
Graph mlperf_kws_dscnn();
/// Visual wake words: MobileNetV1 0.25, int8 [1,96,96,3] to 2 classes.
Graph mlperf_vww_mbv1();
/// Anomaly detection: fully connected autoencoder, int8 [1,640] to [1,640].
Graph mlperf_ad_fc();

}  // namespace reference::zoo
