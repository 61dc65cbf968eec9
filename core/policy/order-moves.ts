export type OrderMove = { item: string; from: number; to: number };

/** The fewest items that must move to turn one order of the same items into the other: those outside the longest common run of places. */
export function orderMoves(before: readonly string[], after: readonly string[]): OrderMove[] {
  if (before.every((item, i) => item === after[i])) return [];
  const oldPlace = new Map(before.map((item, i) => [item, i]));
  const places = after.map((item) => oldPlace.get(item) ?? -1);
  const staying = longestIncreasing(places);
  return after.flatMap((item, i) => {
    const place = places[i] ?? -1;
    return staying.has(place) ? [] : [{ item, from: place + 1, to: i + 1 }];
  });
}

/** The values of a longest increasing subsequence. O(n²), n ≤ 2,000 rules. */
function longestIncreasing(values: readonly number[]): Set<number> {
  const best: { length: number; previous: number }[] = [];
  let end = -1;
  values.forEach((value, i) => {
    let longest = { length: 1, previous: -1 };
    for (let j = 0; j < i; j++) {
      const candidate = best[j]?.length ?? 0;
      if ((values[j] ?? 0) < value && candidate + 1 > longest.length) longest = { length: candidate + 1, previous: j };
    }
    best.push(longest);
    if (longest.length > (best[end]?.length ?? 0)) end = i;
  });
  const kept = new Set<number>();
  for (let i = end; i >= 0; i = best[i]?.previous ?? -1) kept.add(values[i] ?? -1);
  return kept;
}
