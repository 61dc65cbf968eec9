import type { Leaf } from "./leaf.ts";
import type { OurLeaf, OurReading } from "./our-reader.ts";

/** One way in which another reader's leaf is not ours. */
export type LeafDifference = "type" | "name" | "content";

export type Comparison =
  | { same: "number of leaves"; differing: { ours: OurLeaf; theirs: Leaf; difference: LeafDifference }[] }
  | { same: "nothing" };

/** Compares another reader's leaves with ours, one by one. */
export function compare(ours: OurReading, theirs: readonly Leaf[] | null): Comparison {
  if (theirs?.length !== ours.leaves.length) return { same: "nothing" };
  const differing = ours.leaves.flatMap((leaf, index) => {
    const their = theirs[index];
    return their === undefined
      ? []
      : differences(leaf, their).map((difference) => ({ ours: leaf, theirs: their, difference }));
  });
  return { same: "number of leaves", differing };
}

function differences({ part, digest }: OurLeaf, theirs: Leaf): LeafDifference[] {
  const found: LeafDifference[] = [];
  if (!part.contentTypes.includes(theirs.type)) found.push("type");
  if (theirs.digest !== digest) found.push("content");
  // What we show is the first reading.
  const sameName = (theirs.name ?? "").trim() === (part.fileNames[0] ?? "");
  if (!sameName && !part.traits.includes("ambiguous-name")) found.push("name");
  return found;
}
