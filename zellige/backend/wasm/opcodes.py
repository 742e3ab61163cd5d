"""The instructions of WebAssembly as one table: core, bulk memory, reference types, SIMD, relaxed SIMD and threads.

A row of the table is: the first code in hexadecimal, the signature, the immediates, the names. The names of a row
have consecutive codes; a word that ends in a dot is the prefix of the words after it. In a signature each letter is a
value type, `ii>i` takes two i32 and gives one; `*` says that the types depend on more than the instruction, so that
the validator knows them. Immediates are kinds, joined by a comma; `-` is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from zellige.backend.wasm.leb128 import encode_unsigned

VALUE_TYPE_OF_LETTER = {"i": "i32", "l": "i64", "f": "f32", "d": "f64", "v": "v128"}

_CORE = """
00 *     -            unreachable nop
02 *     blocktype    block loop if
05 *     -            else
0b *     -            end
0c *     label        br br_if
0e *     labels       br_table
0f *     -            return
10 *     function     call
11 *     type,table   call_indirect
12 *     function     return_call
13 *     type,table   return_call_indirect
1a *     -            drop select
1c *     valuetypes   select_t
20 *     local        local. get set tee
23 *     global       global. get set
25 *     table        table. get set
28 i>i   memarg2      i32.load
29 i>l   memarg3      i64.load
2a i>f   memarg2      f32.load
2b i>d   memarg3      f64.load
2c i>i   memarg0      i32. load8_s load8_u
2e i>i   memarg1      i32. load16_s load16_u
30 i>l   memarg0      i64. load8_s load8_u
32 i>l   memarg1      i64. load16_s load16_u
34 i>l   memarg2      i64. load32_s load32_u
36 ii>   memarg2      i32.store
37 il>   memarg3      i64.store
38 if>   memarg2      f32.store
39 id>   memarg3      f64.store
3a ii>   memarg0      i32.store8
3b ii>   memarg1      i32.store16
3c il>   memarg0      i64.store8
3d il>   memarg1      i64.store16
3e il>   memarg2      i64.store32
3f >i    memory       memory.size
40 i>i   memory       memory.grow
41 >i    i32          i32.const
42 >l    i64          i64.const
43 >f    bytes4       f32.const
44 >d    bytes8       f64.const
45 i>i   -            i32.eqz
46 ii>i  -            i32. eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
50 l>i   -            i64.eqz
51 ll>i  -            i64. eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
5b ff>i  -            f32. eq ne lt gt le ge
61 dd>i  -            f64. eq ne lt gt le ge
67 i>i   -            i32. clz ctz popcnt
6a ii>i  -            i32. add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr
79 l>l   -            i64. clz ctz popcnt
7c ll>l  -            i64. add sub mul div_s div_u rem_s rem_u and or xor shl shr_s shr_u rotl rotr
8b f>f   -            f32. abs neg ceil floor trunc nearest sqrt
92 ff>f  -            f32. add sub mul div min max copysign
99 d>d   -            f64. abs neg ceil floor trunc nearest sqrt
a0 dd>d  -            f64. add sub mul div min max copysign
a7 l>i   -            i32.wrap_i64
a8 f>i   -            i32. trunc_f32_s trunc_f32_u
aa d>i   -            i32. trunc_f64_s trunc_f64_u
ac i>l   -            i64. extend_i32_s extend_i32_u
ae f>l   -            i64. trunc_f32_s trunc_f32_u
b0 d>l   -            i64. trunc_f64_s trunc_f64_u
b2 i>f   -            f32. convert_i32_s convert_i32_u
b4 l>f   -            f32. convert_i64_s convert_i64_u
b6 d>f   -            f32.demote_f64
b7 i>d   -            f64. convert_i32_s convert_i32_u
b9 l>d   -            f64. convert_i64_s convert_i64_u
bb f>d   -            f64.promote_f32
bc f>i   -            i32.reinterpret_f32
bd d>l   -            i64.reinterpret_f64
be i>f   -            f32.reinterpret_i32
bf l>d   -            f64.reinterpret_i64
c0 i>i   -            i32. extend8_s extend16_s
c2 l>l   -            i64. extend8_s extend16_s extend32_s
d0 *     reftype      ref.null
d1 *     -            ref.is_null
d2 *     function     ref.func
"""

_BULK = """
00 f>i   -              i32. trunc_sat_f32_s trunc_sat_f32_u
02 d>i   -              i32. trunc_sat_f64_s trunc_sat_f64_u
04 f>l   -              i64. trunc_sat_f32_s trunc_sat_f32_u
06 d>l   -              i64. trunc_sat_f64_s trunc_sat_f64_u
08 iii>  data,memory    memory.init
09 >     data           data.drop
0a iii>  memory,memory  memory.copy
0b iii>  memory         memory.fill
0c iii>  element,table  table.init
0d >     element        elem.drop
0e *     table,table    table.copy
0f *     table          table. grow size fill
"""

_SIMD = """
00 i>v   memarg4         v128.load
01 i>v   memarg3         v128. load8x8_s load8x8_u load16x4_s load16x4_u load32x2_s load32x2_u
07 i>v   memarg0         v128.load8_splat
08 i>v   memarg1         v128.load16_splat
09 i>v   memarg2         v128.load32_splat
0a i>v   memarg3         v128.load64_splat
0b iv>   memarg4         v128.store
0c >v    bytes16         v128.const
0d vv>v  shuffle         i8x16.shuffle
0e vv>v  -               i8x16.swizzle
0f i>v   -               i8x16.splat i16x8.splat i32x4.splat
12 l>v   -               i64x2.splat
13 f>v   -               f32x4.splat
14 d>v   -               f64x2.splat
15 v>i   lane16          i8x16. extract_lane_s extract_lane_u
17 vi>v  lane16          i8x16.replace_lane
18 v>i   lane8           i16x8. extract_lane_s extract_lane_u
1a vi>v  lane8           i16x8.replace_lane
1b v>i   lane4           i32x4.extract_lane
1c vi>v  lane4           i32x4.replace_lane
1d v>l   lane2           i64x2.extract_lane
1e vl>v  lane2           i64x2.replace_lane
1f v>f   lane4           f32x4.extract_lane
20 vf>v  lane4           f32x4.replace_lane
21 v>d   lane2           f64x2.extract_lane
22 vd>v  lane2           f64x2.replace_lane
23 vv>v  -               i8x16. eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
2d vv>v  -               i16x8. eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
37 vv>v  -               i32x4. eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u
41 vv>v  -               f32x4. eq ne lt gt le ge
47 vv>v  -               f64x2. eq ne lt gt le ge
4d v>v   -               v128.not
4e vv>v  -               v128. and andnot or xor
52 vvv>v -               v128.bitselect
53 v>i   -               v128.any_true
54 iv>v  memarg0,lane16  v128.load8_lane
55 iv>v  memarg1,lane8   v128.load16_lane
56 iv>v  memarg2,lane4   v128.load32_lane
57 iv>v  memarg3,lane2   v128.load64_lane
58 iv>   memarg0,lane16  v128.store8_lane
59 iv>   memarg1,lane8   v128.store16_lane
5a iv>   memarg2,lane4   v128.store32_lane
5b iv>   memarg3,lane2   v128.store64_lane
5c i>v   memarg2         v128.load32_zero
5d i>v   memarg3         v128.load64_zero
5e v>v   -               f32x4.demote_f64x2_zero f64x2.promote_low_f32x4
60 v>v   -               i8x16. abs neg popcnt
63 v>i   -               i8x16. all_true bitmask
65 vv>v  -               i8x16. narrow_i16x8_s narrow_i16x8_u
67 v>v   -               f32x4. ceil floor trunc nearest
6b vi>v  -               i8x16. shl shr_s shr_u
6e vv>v  -               i8x16. add add_sat_s add_sat_u sub sub_sat_s sub_sat_u
74 v>v   -               f64x2. ceil floor
76 vv>v  -               i8x16. min_s min_u max_s max_u
7a v>v   -               f64x2.trunc
7b vv>v  -               i8x16.avgr_u
7c v>v   -               i16x8. extadd_pairwise_i8x16_s extadd_pairwise_i8x16_u
7e v>v   -               i32x4. extadd_pairwise_i16x8_s extadd_pairwise_i16x8_u
80 v>v   -               i16x8. abs neg
82 vv>v  -               i16x8.q15mulr_sat_s
83 v>i   -               i16x8. all_true bitmask
85 vv>v  -               i16x8. narrow_i32x4_s narrow_i32x4_u
87 v>v   -               i16x8. extend_low_i8x16_s extend_high_i8x16_s extend_low_i8x16_u extend_high_i8x16_u
8b vi>v  -               i16x8. shl shr_s shr_u
8e vv>v  -               i16x8. add add_sat_s add_sat_u sub sub_sat_s sub_sat_u
94 v>v   -               f64x2.nearest
95 vv>v  -               i16x8. mul min_s min_u max_s max_u
9b vv>v  -               i16x8. avgr_u extmul_low_i8x16_s extmul_high_i8x16_s extmul_low_i8x16_u extmul_high_i8x16_u
a0 v>v   -               i32x4. abs neg
a3 v>i   -               i32x4. all_true bitmask
a7 v>v   -               i32x4. extend_low_i16x8_s extend_high_i16x8_s extend_low_i16x8_u extend_high_i16x8_u
ab vi>v  -               i32x4. shl shr_s shr_u
ae vv>v  -               i32x4.add
b1 vv>v  -               i32x4.sub
b5 vv>v  -               i32x4. mul min_s min_u max_s max_u dot_i16x8_s
bc vv>v  -               i32x4. extmul_low_i16x8_s extmul_high_i16x8_s extmul_low_i16x8_u extmul_high_i16x8_u
c0 v>v   -               i64x2. abs neg
c3 v>i   -               i64x2. all_true bitmask
c7 v>v   -               i64x2. extend_low_i32x4_s extend_high_i32x4_s extend_low_i32x4_u extend_high_i32x4_u
cb vi>v  -               i64x2. shl shr_s shr_u
ce vv>v  -               i64x2.add
d1 vv>v  -               i64x2.sub
d5 vv>v  -               i64x2. mul eq ne lt_s gt_s le_s ge_s
dc vv>v  -               i64x2. extmul_low_i32x4_s extmul_high_i32x4_s extmul_low_i32x4_u extmul_high_i32x4_u
e0 v>v   -               f32x4. abs neg
e3 v>v   -               f32x4.sqrt
e4 vv>v  -               f32x4. add sub mul div min max pmin pmax
ec v>v   -               f64x2. abs neg
ef v>v   -               f64x2.sqrt
f0 vv>v  -               f64x2. add sub mul div min max pmin pmax
f8 v>v   -               i32x4. trunc_sat_f32x4_s trunc_sat_f32x4_u
fa v>v   -               f32x4. convert_i32x4_s convert_i32x4_u
fc v>v   -               i32x4. trunc_sat_f64x2_s_zero trunc_sat_f64x2_u_zero
fe v>v   -               f64x2. convert_low_i32x4_s convert_low_i32x4_u
100 vv>v  -              i8x16.relaxed_swizzle
101 v>v   -              i32x4. relaxed_trunc_f32x4_s relaxed_trunc_f32x4_u
103 v>v   -              i32x4. relaxed_trunc_f64x2_s_zero relaxed_trunc_f64x2_u_zero
105 vvv>v -              f32x4. relaxed_madd relaxed_nmadd
107 vvv>v -              f64x2. relaxed_madd relaxed_nmadd
109 vvv>v -              i8x16.relaxed_laneselect i16x8.relaxed_laneselect
10b vvv>v -              i32x4.relaxed_laneselect i64x2.relaxed_laneselect
10d vv>v  -              f32x4. relaxed_min relaxed_max
10f vv>v  -              f64x2. relaxed_min relaxed_max
111 vv>v  -              i16x8. relaxed_q15mulr_s relaxed_dot_i8x16_i7x16_s
113 vvv>v -              i32x4.relaxed_dot_i8x16_i7x16_add_s
"""

_THREADS = """
00 ii>i  memarg2  memory.atomic.notify
01 iil>i memarg2  memory.atomic.wait32
02 ill>i memarg3  memory.atomic.wait64
03 >     zero     atomic.fence
10 i>i   memarg2  i32.atomic.load
11 i>l   memarg3  i64.atomic.load
12 i>i   memarg0  i32.atomic.load8_u
13 i>i   memarg1  i32.atomic.load16_u
14 i>l   memarg0  i64.atomic.load8_u
15 i>l   memarg1  i64.atomic.load16_u
16 i>l   memarg2  i64.atomic.load32_u
17 ii>   memarg2  i32.atomic.store
18 il>   memarg3  i64.atomic.store
19 ii>   memarg0  i32.atomic.store8
1a ii>   memarg1  i32.atomic.store16
1b il>   memarg0  i64.atomic.store8
1c il>   memarg1  i64.atomic.store16
1d il>   memarg2  i64.atomic.store32
"""


def _read_modify_write_rows() -> Iterator[str]:
    """Seven widths of each operation, in the order of the specification."""
    for position, operation in enumerate(("add", "sub", "and", "or", "xor", "xchg", "cmpxchg")):
        widths = ("i32.rmw:2", "i64.rmw:3", "i32.rmw8:0", "i32.rmw16:1", "i64.rmw8:0", "i64.rmw16:1", "i64.rmw32:2")
        for index, width in enumerate(widths):
            value_type, _, access = width.partition(".")
            access, _, alignment = access.partition(":")
            letter = "i" if value_type == "i32" else "l"
            operands = letter * (2 if operation == "cmpxchg" else 1)
            suffix = "" if access == "rmw" else "_u"
            code = 0x1E + 7 * position + index
            name = f"{value_type}.atomic.{access}.{operation}{suffix}"
            yield f"{code:x} i{operands}>{letter} memarg{alignment} {name}"


@dataclass(frozen=True, eq=False, slots=True)
class Opcode:
    """One instruction: `params` and `results` are None where the types depend on more than the instruction.

    `immediates` are kinds without their number; `alignment` is log2 of the natural alignment of a memory access,
    `lanes` the number of lanes that a lane index may name.
    """

    prefix: int
    code: int
    name: str
    immediates: tuple[str, ...]
    params: tuple[str, ...] | None
    results: tuple[str, ...] | None
    alignment: int
    lanes: int

    @property
    def encoding(self) -> bytes:
        """The bytes before the immediates."""
        return bytes((self.code,)) if self.prefix == 0 else bytes((self.prefix,)) + encode_unsigned(self.code)

    @property
    def is_atomic(self) -> bool:
        return self.prefix == 0xFE

    @property
    def accesses_memory(self) -> bool:
        return "memarg" in self.immediates or "memory" in self.immediates


def _opcodes(prefix: int, rows: Iterator[str]) -> Iterator[Opcode]:
    for row in rows:
        first, signature, kinds, *words = row.split()
        params, _, results = signature.partition(">")
        names: list[str] = []
        name_prefix = ""
        for word in words:
            if word.endswith("."):
                name_prefix = word
            else:
                names.append(name_prefix + word)
        immediates: list[str] = []
        alignment = lanes = 0
        for kind in () if kinds == "-" else kinds.split(","):
            if kind.startswith("memarg"):
                alignment = int(kind.removeprefix("memarg"))
                immediates.append("memarg")
            elif kind.startswith("lane"):
                lanes = int(kind.removeprefix("lane"))
                immediates.append("lane")
            else:
                immediates.append(kind)
        for index, name in enumerate(names):
            yield Opcode(
                prefix,
                int(first, 16) + index,
                name,
                tuple(immediates),
                None if signature == "*" else tuple(VALUE_TYPE_OF_LETTER[letter] for letter in params),
                None if signature == "*" else tuple(VALUE_TYPE_OF_LETTER[letter] for letter in results),
                alignment,
                lanes,
            )


def _rows(text: str) -> Iterator[str]:
    return iter(text.strip().splitlines())


OPCODES: Mapping[int, Mapping[int, Opcode]] = MappingProxyType(
    {
        prefix: MappingProxyType({opcode.code: opcode for opcode in _opcodes(prefix, rows)})
        for prefix, rows in (
            (0x00, _rows(_CORE)),
            (0xFC, _rows(_BULK)),
            (0xFD, _rows(_SIMD)),
            (0xFE, iter([*_rows(_THREADS), *_read_modify_write_rows()])),
        )
    }
)
"""Prefix byte (0 for none) -> code -> opcode."""

OPCODE_OF_NAME: Mapping[str, Opcode] = MappingProxyType(
    {opcode.name: opcode for table in OPCODES.values() for opcode in table.values()}
)
"""Name in the specification -> opcode; `select_t` is the `select` that carries its type."""
