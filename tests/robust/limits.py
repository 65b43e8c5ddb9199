#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Programs and files without measure end with a clear word, within seconds and bounded memory: limits.py MLOPSC [TEST…]"""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import support  # noqa: E402

ACCOUNT = 'account a { id: "111111111111", region: "eu-west-1" }\n'
SECONDS = 600       # of processor time: what is endless is ended; how long things take is no test
MEBIBYTES = 1200


def value(expr):
    """A stack that shows the text."""
    return f"stack s in a {{ AWS::SSM::Parameter p {{ Type: \"String\", Value: {expr} }} }}\n"


def chain(first, step, count=60):
    """s0 = first, and each next one made of the one before."""
    return ACCOUNT + f"let s0 = {first}\n" + "".join(f"let s{i} = {step.replace('@', f's{i - 1}')}\n" for i in range(1, count))


class Case(unittest.TestCase):
    mlopsc = None

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="mlopsc-limits-")
        self.addCleanup(scratch.cleanup)
        self.top = pathlib.Path(scratch.name)
        with open(self.mlopsc, "rb") as f:
            self.is_plain = not support.WRAPPER and b"__asan" not in f.read()

    def write(self, name, content):
        path = self.top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def check(self, *arguments, stdin=subprocess.DEVNULL):
        """Exit code and messages of `check` in the folder; not crashed, not endless, not large."""
        command = [*support.WRAPPER, self.mlopsc, "check", "--max-errors", "5", *(arguments or ["main.mlops"])]
        with open(self.top / "said", "wb") as said:
            process = subprocess.Popen(command, cwd=self.top, stdin=stdin, stdout=subprocess.DEVNULL, stderr=said,
                                       preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)))
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        text = (self.top / "said").read_text(encoding="utf-8")
        self.assertIn(process.returncode, (0, 1, 3), text[-3000:])
        if self.is_plain:
            self.assertLess(used.ru_maxrss / 1024, MEBIBYTES, text[:1000])
        return process.returncode, text

    def refused(self, program, code, words=""):
        self.write("main.mlops", program)
        result, said = self.check()
        self.assertEqual(result, 1, said[:1000])
        self.assertEqual(said.count("error["), 1, said[:2000])
        self.assertIn(f"error[{code}]", said[:1000])
        self.assertIn(words, said)
        self.assertIn(" --> main.mlops:", said)

    def accepted(self, program):
        self.write("main.mlops", program)
        result, said = self.check()
        self.assertEqual(result, 0, said[:2000])


class Growth(Case):
    """Short programs of large values."""

    def test_texts(self):
        long = "the text is longer than 16 MiB"
        self.refused(chain('"abcdefgh"', '"${@}${@}"') + value("s59"), "ML0708", long)
        self.refused(chain('"\\"\\""', "to_json([@])") + value("s59"), "ML0708")
        self.refused(chain('"abcdefghabcdefgh"', "base64(@)", 90) + value("s89"), "ML0708")
        self.refused(chain('"aaaaaaaaaa"', 'replace(@, "a", "aaaaaaaaaa")', 20) + value("s19"), "ML0708")
        self.refused(ACCOUNT + "fn f0(x: String) -> String = x\n" + "".join(
            f"fn f{i}(x: String) -> String = f{i - 1}(\"${{x}}${{x}}\")\n" for i in range(1, 60)) + value('f59("ab")'), "ML0708", long)

    def test_lists(self):
        self.refused(chain('["a"]', "[...@, ...@]") + value('join(",", s59)'), "ML0709")
        self.refused(chain("[1]", "[@, @]") + value("to_json(s59)"), "ML0021", "parts")
        self.refused(chain("[for i in 1..1000000: i]", "zip(@, @)", 30) + value('"${length(s29)}"'), "ML0021", "parts")
        self.refused(ACCOUNT + "let xs = [for x in 1..9000000000000000000: x]\n", "ML0709", "more than 1000000 elements")
        self.refused(ACCOUNT + "let xs = [for b in 1..1000 for c in 1..1000 for d in 1..1000: d]\n", "ML0709")
        self.refused(ACCOUNT + "let xs = cidr_subnets(10.0.0.0/8, 16777216, 0)\n", "ML0709")

    def test_records_and_their_types(self):
        self.refused(chain("{ a: 1 }", "{ a: @, b: @ }") + value("to_json(s59)"), "ML0021", "has a type of more than 1000000 parts")
        self.refused(chain("{ a: 1 }", "{ a: @, b: @ }") + "assert s59 == s59, \"x\"\n", "ML0021", "has a type of more than 1000000 parts")
        self.refused(ACCOUNT + "type t0 = { a: Int }\n" + "".join(f"type t{i} = {{ a: t{i - 1}, b: [t{i - 1}] }}\n" for i in range(1, 60))
                     + "fn f(x: t59) -> Int = 1\n", "ML0021", "has a type of more than 1000000 parts")
        self.refused(chain("[1]", "[@]", 3000), "ML0021", "400 levels")

    def test_types_that_multiply(self):
        same = "".join(f"type {n}{i} = {{ a: {n}{i - 1} }} | {{ a: {n}{i - 1}, b: Int }}\n" for i in range(1, 12) for n in "tu")
        self.accepted("type t0 = Int\ntype u0 = Int\n" + same + "fn f(x: t11) -> Int = 1\nfn g(x: u11) -> Int = f(x)\n" + ACCOUNT)

    def test_steps(self):
        doubling = "fn f0(x: Int) -> Bool = x > 5\n" + "".join(f"fn f{i}(x: Int) -> Bool = f{i - 1}(x) || f{i - 1}(x)\n" for i in range(1, 60))
        self.refused(ACCOUNT + "let c = [for i in 1..100000: i]\nlet d = [for i in 1..100000 if contains(c, 0 - i): i]\n", "ML0021",
                     "evaluates more than 200000000 expressions")
        if os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") > 12 << 30 and self.is_plain:
            self.write("main.mlops", ACCOUNT + doubling + value('if f59(1) then "a" else "b"'))
            with self.assertRaises(AssertionError):    # it may take more than this test allows the others, but it ends
                self.check()

    def test_deploy_time_values(self):
        self.refused(chain("aws.region", '"${@}${@}"') + value("s59"), "ML0021", "parts")
        self.refused(chain('"a"', 'if aws.region == "@" then "${@}x" else "${@}y"', 40) + value("s39"), "ML0021", "parts")
        self.accepted(chain('aws.region == "x"', "if @ then !@ else @ && @") + value('if s59 then "a" else "b"'))

    def test_components(self):
        doubling = "component c0 { AWS::SNS::Topic t {} }\n" + "".join(
            f"component c{i} {{ c{i - 1} left{i} {{}}\n c{i - 1} right{i} {{}} }}\n" for i in range(1, 50))
        self.refused(ACCOUNT + "component c { c x {} }\nstack s in a { c y {} }\n", "ML0225")
        self.refused(ACCOUNT + "fn f(x: Int) -> Int = f(x)\n" + value('"${f(1)}"'), "ML0225")
        self.write("main.mlops", ACCOUNT + doubling + "stack s in a { c12 x {} }\n")
        self.assertEqual(self.check()[0], 1)     # 4096 resources are more than CloudFormation takes


class Width(Case):
    """Long programs: what takes a moment for one must not take for ever for a hundred thousand."""

    def test_literals(self):
        self.accepted(ACCOUNT + 'let z = "' + "x" * 10000000 + '"\n' + value('"${length(z)}"'))
        self.accepted(ACCOUNT + "let z = '''\n" + "x" * 5000000 + "\n" + "y\n" * 1000000 + "'''\n" + value('"${length(z)}"'))
        self.accepted(ACCOUNT + "let z = [" + ", ".join(["1"] * 1000000) + "]\n" + value('"${length(z)}"'))
        self.accepted(ACCOUNT + "let z = {" + ", ".join(f"k{i}: 1" for i in range(300000)) + "}\n" + value('"${length(z)}"'))
        self.accepted(ACCOUNT + "/*" + "*" * 10000000 + "*/\n//" + "x" * 10000000 + "\n" + value('"x"'))

    def test_declarations(self):
        self.accepted(ACCOUNT + "".join(f"let v{i} = {i}\n" for i in range(200000)))
        self.accepted(ACCOUNT + "let v0 = 1\n" + "".join(f"let v{i} = v{i - 1} + 1\n" for i in range(1, 50000)) + value('"${v49999}"'))
        self.accepted(ACCOUNT + "".join(f"assert {i} > 0, \"x\"\n" for i in range(1, 3000)) + "".join(f"let v{i} = {i}\n" for i in range(3000)))

    def test_mistakes(self):
        for line in "let v = 1\n", "let = = ]\n", "let x@ = w@\n", "stack a@ in b@ {}\n", "AWS::S3::Buckte x@ {}\n", "let a@: { x: Int } = { x@: 1 }\n":
            with self.subTest(line):
                self.write("main.mlops", "".join(line.replace("@", str(i)) for i in range(20000)))
                self.assertEqual(self.check()[0], 1)

    def test_matches(self):
        self.refused(ACCOUNT + "let z = match 5 { " + ", ".join(f"{i} => {i}" for i in range(100000)) + ", _ => 1 }\n", "ML0021", "arms")

    def test_resources(self):
        self.refused(ACCOUNT + "stack s in a { for i in 1..100000 { AWS::SNS::Topic t[i] {} } }\n", "ML0610")
        self.refused(ACCOUNT + 'stack s in a { for i in 1..2000 { AWS::SNS::Topic t[i] { DisplayName: "${length([for q in t[*]: 1])}" } } }\n',
                     "ML0610")

    def test_texts_that_match_slowly(self):
        text = 'join("", [for i in 1..30000: "a"])'
        self.accepted(ACCOUNT + f"let b = {text}\nlet m = [for i in 1..50: matches(b, '^(a|aa)*(a|a)*$')]\n")
        self.write("main.mlops", ACCOUNT + "type t = String(1..10, '^" + "(" * 29 + "a{1000}" + "){1000}" * 29 + "$')\nlet x: t = \"a\"\n")
        self.assertEqual(self.check()[0], 1)
        self.write("main.mlops", ACCOUNT + "type t = String(1..10, '^" + "(a|b|c)" * 3000 + "$')\nlet x: t = \"a\"\n")
        self.assertEqual(self.check()[0], 1)


class Depth(Case):
    """What can stand in itself, a hundred thousand times."""

    FORMS = {
        "parentheses": ("let z = ", "(", "1", ")"),
        "lists": ("let z = ", "[", "1", "]"),
        "records": ("let z = ", "{ a: ", "1", " }"),
        "open records": ("let z = ", "{ a: ", "1", ""),
        "texts": ("let z = ", '"${', "1", '}"'),
        "open texts": ("let z = ", '"${', "1", ""),
        "blocks of text": ("let z = ", '"""\n${', "1", '}\n"""'),
        "not": ("let z = ", "!", "true", ""),
        "minus": ("let z = ", "-", "1", ""),
        "if": ("let z = ", "if true then ", "1", " else 1"),
        "else if": ("let z = ", "if true then 1 else ", "1", ""),
        "conditions": ("let z = ", "if if ", "true", " then true else false then true else false"),
        "match": ("let z = ", "match 1 { _ => ", "1", " }"),
        "members": ("let z = ", "", "a", ".a"),
        "present members": ("let z = ", "", "a", "?.a"),
        "indexes": ("let z = ", "", "a", "[0]"),
        "inner indexes": ("let z = ", "a[", "0", "]"),
        "calls": ("let z = ", "length(", "1", ")"),
        "called results": ("let z = ", "", "f", "(1)"),
        "spreads": ("let z = ", "[...", "[]", "]"),
        "list loops": ("let z = ", "[for x in [1]: ", "1", "]"),
        "record loops": ("let z = ", "{for x in [1]: \"a\" => ", "1", "}"),
        "loop clauses": ("let z = [for x in [1]", " for x in [1]", "", ""),
        "plus": ("let z = 1", " + 1", "", ""),
        "or": ("let z = true", " || true", "", ""),
        "choices": ("let z = 1", " ?? 1", "", ""),
        "optional types": ("type t = ", "", "Int", "?"),
        "list types": ("type t = ", "[", "Int", "]"),
        "record types": ("type t = ", "{ a: ", "Int", " }"),
        "map types": ("type t = ", "Map<String, ", "Int", ">"),
        "unions": ("type t = Int", " | Int", "", ""),
        "for": ("", "for x in [1] { ", "", " }"),
        "open for": ("", "for x in [1] { ", "", ""),
        "if blocks": ("", "if true { ", "", " }"),
        "else blocks": ("", "if true { } else ", "{ }", ""),
        "stacks": ("", "stack s in a { ", "", " }"),
        "components": ("", "component c { ", "", " }"),
        "templates": ("", "template t for anywhere { ", "", " }"),
        "resources": ("stack s in a { ", "AWS::S3::Bucket b { A: ", "1", " }"),
        "instances": ("stack s in a { ", "c b { ", "", " }"),
        "raw": ("stack s in a { ", "raw { a: ", "1", " }"),
        "tests": ("", "test t { ", "", " }"),
        "rules": ("", "rule r for AWS::S3::Bucket b { ", "", " }"),
        "overrides": ("stack s in a { ", "override b { a: ", "1", " }"),
        "defaults": ("stack s in a { ", "defaults for AWS::S3::Bucket { a: ", "1", " }"),
        "allow": ("stack s in a { ", "allow a to b on c when { a: ", "1", " }"),
        "platforms": ("", "platform p { a: ", "1", " }"),
        "accounts": ("", "account b { a: ", "1", " }"),
        "decorators": ("", "@a(", "1", ") stack s in a {}"),
        "many decorators": ("", "@retain ", "", " stack s in a {}"),
        "comments": ("", "/*", "", "*/"),
        "brackets of all kinds": ("let z = ", "([{a: ", "1", "}])"),
        "closing brackets": ("", ")", "", ""),
        "closing braces": ("", "}", "", ""),
        "wrong brackets": ("let z = ", "([", "1", ")]"),
    }

    def test_forms(self):
        for name, (before, opening, middle, closing) in self.FORMS.items():
            for count in 190, 1100, 30000:
                with self.subTest(f"{name}, {count} times"):
                    self.write("main.mlops", f"{ACCOUNT}{before}{opening * count}{middle}{closing * count}\n")
                    self.check()

    def test_words_of_depth(self):
        self.refused(ACCOUNT + "let z = " + "[" * 300 + "]" * 300 + "\n", "ML0106", "more than 200 brackets deep")
        self.refused(ACCOUNT + "let z = " + "!" * 3000 + "true\n", "ML0107", "more than 1000 words and marks")

    def test_names_that_need_each_other(self):
        for step in "v@ + 1", "[v@][0]", "{ a: v@ }.a", "if true then v@ else 1", "f(v@)", "length([v@])", "match 1 { _ => v@ }":
            with self.subTest(step):
                lines = [f"let v{i} = {step.replace('@', str(i + 1))}\n" for i in range(20000)]
                self.write("main.mlops", ACCOUNT + "fn f(x: Int) -> Int = x\n" + "".join(lines) + "let v20000 = 1\n")
                result, said = self.check()
                self.assertEqual(result, 1)
                self.assertEqual(said.count("error["), 1, said[:2000])
                self.assertIn("levels deep", said)

    def test_functions_and_types_that_need_each_other(self):
        self.write("main.mlops", ACCOUNT + "".join(f"fn f{i}(x: Int) -> Int = f{i + 1}(x)\n" for i in range(20000))
                   + "fn f20000(x: Int) -> Int = x\n" + value('"${f0(1)}"'))
        self.assertEqual(self.check()[0], 1)
        self.write("main.mlops", ACCOUNT + "".join(f"type t{i} = {{ a: t{i + 1} }}\n" for i in range(20000)) + "type t20000 = Int\nlet x: t0 = { a: 1 }\n")
        self.assertEqual(self.check()[0], 1)
        self.write("main.mlops", ACCOUNT + "".join(f"component c{i} {{ c{i + 1} x{i} {{}} }}\n" for i in range(5000))
                   + "component c5000 {}\nstack s in a { c0 x {} }\n")
        self.assertEqual(self.check()[0], 1)


class Files(Case):
    MAIN = 'let d = yaml("d.yml")\n'

    def data(self, name, content):
        """What the compiler says about a data file of this content."""
        self.write(name, content)
        self.write("main.mlops", ACCOUNT + f'let d = {"yaml" if name.endswith("yml") else "json"}("{name}")\n' + value('to_json(d)'))
        return self.check()

    def test_imports(self):
        for i in range(100):
            self.write(f"m{i}.mlops", f'import "./m{i + 1}.mlops" as m\nlet x = 1\n')
        self.write("m100.mlops", "let x = 1\n")
        self.write("main.mlops", 'import "./m0.mlops" as m\n')
        result, said = self.check()
        self.assertEqual(result, 1)
        self.assertIn("error[ML0021]: imports are nested deeper than 64 files", said)
        self.write("m100.mlops", 'import "./m99.mlops" as m\n')
        self.write("main.mlops", 'import "./m98.mlops" as m\n')
        result, said = self.check()
        self.assertEqual(result, 1)
        self.assertIn("import each other in a circle", said)
        self.write("main.mlops", 'import "./main.mlops" as m\n')
        self.assertIn("import each other in a circle", self.check()[1])

    def test_size(self):
        self.write("main.mlops", "")
        with open(self.top / "main.mlops", "ab") as f:
            f.truncate(70 << 20)
        result, said = self.check()
        self.assertNotEqual(result, 0)
        self.assertIn("error[ML00", said)
        self.assertIn("MiB", said)

    def test_bytes(self):
        for content, words in ((b'let a = "\0"\n', "NUL"), (b'let a = "\xff\xfe"\n', "UTF-8"), (b"\xed\xa0\x80", "UTF-8"), (b"\xc0\xaf", "UTF-8"),
                               (b"\xf4\x90\x80\x80", "UTF-8"), (b"\xff\xfeh\0i\0", "")):
            with self.subTest(content):
                self.write("main.mlops", content)
                result, said = self.check()
                self.assertNotEqual(result, 0)
                self.assertIn("error[ML000", said)
                self.assertIn(words, said)
                for name in "d.yml", "d.json":
                    result, said = self.data(name, content)
                    self.assertNotEqual(result, 0)
                    self.assertIn("error[ML000", said)

    def test_what_is_no_file(self):
        os.mkfifo(self.top / "pipe")
        (self.top / "folder").mkdir()
        for name in "pipe", "folder/.", "/dev/zero", "/dev/tty", "/dev/full", "missing":
            with self.subTest(name):
                self.assertNotEqual(self.check(name)[0], 0)
                self.write("main.mlops", f'let d = text("{name}")\nimport "./{name}" as m\n')
                result, said = self.check()
                self.assertEqual(result, 1, said)
                self.assertIn("error[ML00", said)
        with open("/dev/zero", "rb") as endless:
            self.assertNotEqual(self.check("-", stdin=endless)[0], 0)

    def test_data_without_measure(self):
        for name in "d.json", "d.yml":
            result, said = self.data(name, "[" + ",".join(["1"] * 1000000) + "]")
            self.assertIn(result, (0, 1))
            result, said = self.data(name, '"' + "x" * 10000000 + '"')
            self.assertIn(result, (0, 1))
            for opening, closing in ("[", "]"), ('{"a":', "}"), ("[", ""):
                result, said = self.data(name, opening * 100000 + "1" + closing * 100000)
                self.assertEqual(result, 1)
                self.assertEqual(said.count("error["), 1, said[:1000])
        result, said = self.data("d.yml", "a: " + "- " * 50000 + "1\n")
        self.assertEqual(result, 1)
        result, said = self.data("d.yml", "".join(" " * i + f"a:\n" for i in range(3000)))
        self.assertEqual(result, 1)
        bombs = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
        result, said = self.data("d.yml", bombs)
        self.assertEqual(result, 1)
        self.assertIn("aliases", said)
        result, said = self.data("d.yml", "".join(f"a{i}: &b{i} x\n" for i in range(100000)))
        self.assertIn(result, (0, 1))
        result, said = self.data("d.yml", "".join(f"? a{i}\n" for i in range(100000)))
        self.assertIn(result, (0, 1))
        result, said = self.data("d.json", "{" + ", ".join(f'"a{i % 50000}": 1' for i in range(100000)) + "}")
        self.assertEqual(result, 1)


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
