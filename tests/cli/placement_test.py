"""Where code, constants and arena lie: every placement of every board computes the same."""
import json
import unittest

import program

NETWORKS = ["zoo:mlperf-ad-fc", "zoo:odd-1"]


def placements(test, board):
    return list(program.run_json(test, "boards", board)["placements"])


class Placement(unittest.TestCase):
    def test_every_placement_of_every_board_gives_the_references_bytes(self):
        for board in (row["name"] for row in program.run_json(self, "boards")):
            networks = NETWORKS if board in ("stm32f746", "stm32h743") else NETWORKS[:1]
            for placement in placements(self, board):
                for network in networks:
                    with self.subTest(board=board, placement=placement, network=network):
                        report = program.run_json(
                            self, "infer", network, "--board", board, "--placement", placement, "--check"
                        )
                        program.assert_checked(self, report)
                        self.assertEqual(report["placement"], placement)

    def test_an_engine_brings_its_part_to_full_speed(self):
        parts = ["stm32f746", "stm32f767", "stm32h723", "stm32h743", "stm32h7a3"]
        hz = {row["name"]: row["core_hz"] for row in program.run_json(self, "boards")}
        for board in parts:
            with self.subTest(board=board):
                step = program.run_json(self, "infer", NETWORKS[0], "--board", board)["steps"][0]
                self.assertAlmostEqual(step["cycles"] / step["ms"] * 1e3 / hz[board], 1, places=6)

    def test_the_caches_are_on_when_the_network_runs(self):
        # Code from flash at full speed: without the caches, most cycles of this network would wait for it.
        for board in ("stm32f746", "stm32h743"):
            with self.subTest(board=board):
                report = program.run_json(self, "infer", NETWORKS[1], "--board", board)
                cycles = sum(step["cycles"] for step in report["steps"])
                waits = sum(step["causes"]["i-fetch"] + step["causes"]["d-load"] for step in report["steps"])
                self.assertLess(waits, 0.2 * cycles)

    def test_code_in_itcm_is_copied_and_counted(self):
        report = program.run_json(self, "infer", NETWORKS[0], "--placement", "itcm_code")
        self.assertGreater(report["copied_code_bytes"], 500)
        self.assertEqual(program.run_json(self, "infer", NETWORKS[0])["copied_code_bytes"], 0)
        done = program.run("infer", NETWORKS[0], "--placement", "itcm_code")
        self.assertRegex(done.stdout, r"\ncode   [0-9,]+ of 16,384 bytes of ITCM, copied at start-up\n")

    def test_a_network_too_large_for_a_placement_says_by_how_much(self):
        for command in (["infer"], ["compile", "-o", "/nonexistent/never-written"], ["plan"]):
            with self.subTest(command=command[0]):
                flags = ["--board", "stm32f746", "--placement", "dtcm_arena", "--json"]
                done = program.run(*command, "zoo:mcunet-vww2", *flags)
                self.assertEqual(done.returncode, 4, done.stderr)
                report = json.loads(done.stdout)
                self.assertFalse(report["fits"])
                self.assertEqual(report["missing"]["region"], "DTCM")
                self.assertGreater(report["missing"]["bytes"], 0)
                self.assertIn("DTCM", done.stderr)

    def test_an_unknown_placement_names_those_there_are(self):
        done = program.run("infer", NETWORKS[0], "--board", "stm32h743", "--placement", "nowhere")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--placement nowhere: stm32h743 has no such placement, expected one of default, ", done.stderr)

    def test_boards_lists_the_placements(self):
        for placement in placements(self, "stm32f746"):
            self.assertIn(placement, program.run("boards", "stm32f746").stdout)


if __name__ == "__main__":
    unittest.main()
