import fc from "fast-check";

const pieces = [
  "\r\n",
  "\n",
  "\0",
  "\x1b[31m",
  "\u0085",
  "\u2028",
  "\u202e",
  "\u200b",
  "\ud800",
  "ä",
  "漢",
  "😀",
  "%",
  "<",
  '"',
  " ",
  "=?",
  "--",
];

/** Text of what is awkward in mail: line ends, control and direction characters, half characters, others than ASCII. */
export function awkwardText(piecesMax = 12): fc.Arbitrary<string> {
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 20 }));
  return fc.array(piece, { maxLength: piecesMax }).map((all) => all.join(""));
}
