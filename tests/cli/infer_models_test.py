"""The six real networks: every step of the simulated binary equals the reference, small and quick."""
import json
import unittest

import program

# Model -> most bytes of arena: TinyEngine's own buffer for mcunet-vww1, 0.9 x TFLM's arena for the others.
ARENA_LIMITS = {
    "mcunet-vww1": 93_992,
    "mcunet-person-det": int(0.9 * 386_032),
    "mlperf-resnet8": int(0.9 * 55_712),
    "mlperf-vww-mbv1": int(0.9 * 103_392),
    "mlperf-kws-dscnn": int(0.9 * 24_000),
    "mlperf-ad-fc": int(0.9 * 3_424),
}
# TinyEngine's binary for mcunet-vww1 executes 32.7 M instructions.
INSTRUCTION_LIMITS = {"mcunet-vww1": 33_000_000}
BOARD = "stm32f746"


class InferModels(unittest.TestCase):
    def test_every_step_of_every_model_and_seed_equals_the_reference(self):
        models = program.require_shared("models")
        for name in ARENA_LIMITS:
            for seed in (1, 2, 3):
                with self.subTest(model=name, seed=seed):
                    report = program.run_json(
                        self, "infer", models / f"{name}.tflite", "--board", BOARD, "--input", f"seed:{seed}", "--check"
                    )
                    program.assert_checked(self, report)
                    self.assert_outputs_equal_the_golden(report, name, seed)
                    self.assertLessEqual(report["arena_bytes"], ARENA_LIMITS[name])
                    if name in INSTRUCTION_LIMITS:
                        self.assertLessEqual(report["instructions"], INSTRUCTION_LIMITS[name])
                    self.assertEqual(
                        report["peak_sram_bytes"], report["arena_bytes"] + report["data_bytes"] + report["stack_bytes"]
                    )

    def assert_outputs_equal_the_golden(self, report, name, seed):
        golden = json.loads((program.require_shared("golden") / f"{name}.seed{seed}.json").read_text())
        by_crc = {row["crc32"] for row in golden["ops"]}
        for output in report["outputs"]:
            self.assertIn(output["crc32"], by_crc, f"output {output['name']} is no tensor of the golden file")


if __name__ == "__main__":
    unittest.main()
