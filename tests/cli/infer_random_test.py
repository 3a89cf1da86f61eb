"""Property: any network of supported operators runs bit-exactly on the simulated board."""
import os
import unittest

import program

FIRST_SEED = int(os.environ.get("M7SCOPE_SEED", "1"))
COUNT = int(os.environ.get("M7SCOPE_RANDOM_NETWORKS", "20"))


class InferRandom(unittest.TestCase):
    def test_random_networks_equal_the_reference(self):
        for seed in range(FIRST_SEED, FIRST_SEED + COUNT):
            with self.subTest(rerun=f"m7scope infer zoo:random-{seed} --board mps2-an500 --check"):
                report = program.run_json(self, "infer", f"zoo:random-{seed}", "--board", "mps2-an500", "--check")
                program.assert_checked(self, report)


if __name__ == "__main__":
    unittest.main()
