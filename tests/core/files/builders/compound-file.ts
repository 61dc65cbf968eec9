import { joined, le16, le32 } from "./bytes.ts";

/** A stream with its content, or a storage with what is in it. */
export type CompoundItem =
  | { name: string; content: Uint8Array | string }
  | { name: string; items: readonly CompoundItem[] };

const sectorBytes = 512;
const miniSectorBytes = 64;
const miniBelow = 4096;
const none = 0xffff_ffff;
const endOfChain = 0xffff_fffe;
const fatSector = 0xffff_fffd;

type Node = { name: string; kind: 1 | 2 | 5; child: number; right: number; start: number; bytes: number };

/** An OLE compound file of version 3 ([MS-CFB]). Siblings are chained to the right, which readers accept. */
export function compoundFile(items: readonly CompoundItem[], classId = "\0".repeat(16)): Uint8Array {
  const nodes: Node[] = [{ name: "Root Entry", kind: 5, child: none, right: none, start: endOfChain, bytes: 0 }];
  const streams: Uint8Array[] = [];
  const chains: number[][] = [];
  const mini: Uint8Array[] = [];
  const miniFat: number[] = [];
  const place = (content: Uint8Array): number => {
    const start = chains.flat().length;
    const count = Math.ceil(content.length / sectorBytes);
    chains.push(Array.from({ length: count }, (_, index) => (index === count - 1 ? endOfChain : start + index + 1)));
    streams.push(padded(content, sectorBytes));
    return count === 0 ? endOfChain : start;
  };
  const placeMini = (content: Uint8Array): number => {
    const start = miniFat.length;
    const count = Math.ceil(content.length / miniSectorBytes);
    for (let index = 0; index < count; index++) miniFat.push(index === count - 1 ? endOfChain : start + index + 1);
    mini.push(padded(content, miniSectorBytes));
    return count === 0 ? endOfChain : start;
  };
  const add = (list: readonly CompoundItem[]): number => {
    let right = none;
    for (const item of list.toReversed()) {
      const index = nodes.length;
      const node: Node = { name: item.name, kind: 1, child: none, right, start: 0, bytes: 0 };
      nodes.push(node);
      if ("items" in item) node.child = add(item.items);
      else {
        const content = joined(item.content);
        node.kind = 2;
        node.bytes = content.length;
        node.start = content.length < miniBelow ? placeMini(content) : place(content);
      }
      right = index;
    }
    return right;
  };
  const [root] = nodes;
  if (root === undefined) throw new Error("no root");
  root.child = add(items);
  const miniStream = joined(...mini);
  root.start = place(miniStream);
  root.bytes = miniStream.length;
  const directoryAt = place(
    joined(...padNodes(nodes).map((node, index) => entry(node, index === 0 ? classId : "\0".repeat(16)))),
  );
  const miniFatBytes = joined(...miniFat.map((next) => le32(next)));
  const miniFatAt = place(padded(miniFatBytes, sectorBytes, 0xff));
  return withHeader(streams, chains.flat(), directoryAt, miniFatAt, Math.ceil(miniFatBytes.length / sectorBytes));
}

function withHeader(
  streams: Uint8Array[],
  next: number[],
  directoryAt: number,
  miniFatAt: number,
  miniFats: number,
): Uint8Array {
  const perSector = sectorBytes / 4;
  let fats = 1;
  while (fats * perSector < next.length + fats) fats++;
  const fat = [...next, ...Array.from({ length: fats }, () => fatSector)];
  const table = Array.from({ length: fats * perSector }, (_, index) => fat[index] ?? none);
  const places = Array.from({ length: 109 }, (_, index) => (index < fats ? next.length + index : none));
  return joined(
    "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "\0".repeat(16),
    le16(0x3e, 3, 0xfffe, 9, 6, 0, 0, 0),
    le32(0, fats, directoryAt, 0, miniBelow, miniFats === 0 ? endOfChain : miniFatAt, miniFats, endOfChain, 0),
    le32(...places),
    ...streams,
    le32(...table),
  );
}

function padNodes(nodes: readonly Node[]): Node[] {
  const empty: Node = { name: "", kind: 1, child: none, right: none, start: 0, bytes: 0 };
  const missing = (4 - (nodes.length % 4)) % 4;
  return [...nodes, ...Array.from({ length: missing }, () => empty)];
}

function entry({ name, kind, child, right, start, bytes }: Node, classId: string): Uint8Array {
  const letters = Uint8Array.from(Buffer.from(`${name}\0`, "utf16le"));
  return joined(
    padded(letters, 64),
    le16(name === "" ? 0 : letters.length),
    Uint8Array.of(name === "" ? 0 : kind, 1),
    le32(none, right, child),
    classId,
    "\0".repeat(20),
    le32(start, bytes, 0),
  );
}

function padded(bytes: Uint8Array, to: number, fill = 0): Uint8Array {
  const length = Math.ceil(bytes.length / to) * to;
  return joined(bytes, new Uint8Array(length - bytes.length).fill(fill));
}

/** Source of a macro module, packed without any copies ([MS-OVBA] §2.4.1). */
export function packedModule(source: string): Uint8Array {
  const text = joined(`Attribute VB_Name = "Module1"\r\n${source}`);
  const tokens: Uint8Array[] = [];
  for (let at = 0; at < text.length; at += 8) tokens.push(joined("\0", text.subarray(at, at + 8)));
  const chunk = joined(...tokens);
  return joined("performance cache\x01", le16(0xb000 | (chunk.length - 1)), chunk);
}

/** What a macro project consists of, with one module. */
export function macroProject(source: string): CompoundItem[] {
  return [
    { name: "PROJECTwm", content: "M\0" },
    {
      name: "VBA",
      items: [
        { name: "_VBA_PROJECT", content: "\xcc\x61" },
        { name: "dir", content: "\x01" },
        { name: "Module1", content: packedModule(source) },
      ],
    },
  ];
}

/** A file of the packager ("\x01Ole10Native"). */
export function packagedFile(name: string, content: Uint8Array | string): Uint8Array {
  const body = joined(content);
  const copy = joined(`C:\\Temp\\${name}\0`);
  const native = joined(
    le16(2),
    `${name}\0C:\\${name}\0`,
    le16(0, 3),
    le32(copy.length),
    copy,
    le32(body.length),
    body,
  );
  return joined(le32(native.length), native);
}
