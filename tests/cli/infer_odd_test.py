"""Networks outside the six: the zoo, and three with odd shapes."""
import unittest

import program

NETWORKS = [
    ("odd-1", "stm32f746"),
    ("odd-2", "stm32f746"),
    ("odd-3", "stm32f746"),
    ("mcunet-in0", "stm32f746"),
    ("mlperf-resnet8", "stm32h743"),
]


class InferOdd(unittest.TestCase):
    def test_every_step_equals_the_reference(self):
        for name, board in NETWORKS:
            with self.subTest(network=name, board=board):
                report = program.run_json(self, "infer", f"zoo:{name}", "--board", board, "--input", "seed:7", "--check")
                program.assert_checked(self, report)

    def test_in_place_and_order_never_change_a_result(self):
        plain = program.run_json(self, "infer", "zoo:odd-1", "--no-in-place", "--no-reorder", "--check")
        default = program.run_json(self, "infer", "zoo:odd-1", "--check")
        program.assert_checked(self, plain)
        self.assertEqual([o["crc32"] for o in plain["outputs"]], [o["crc32"] for o in default["outputs"]])
        self.assertLessEqual(default["arena_bytes"], plain["arena_bytes"])

    def test_the_same_run_prints_the_same_report(self):
        first = program.run("infer", "zoo:odd-2", "--check", "--json")
        second = program.run("infer", "zoo:odd-2", "--check", "--json")
        self.assertEqual(first.stdout, second.stdout)


if __name__ == "__main__":
    unittest.main()
