import { expect, test } from "vitest";
import { FinalDots } from "#worker/delivery/final-dots.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** Names of those whose turn came, and for each how it leaves. */
function enterAll(names: string[]): { sent: string[]; leave: Record<string, () => void> } {
  const dots = new FinalDots();
  const sent: string[] = [];
  const leave: Record<string, () => void> = {};
  for (const name of names) leave[name] = dots.enter(() => sent.push(name));
  return { sent, leave };
}

test("two go at once, and the next as soon as one is answered, in the order in which they came", () => {
  const { sent, leave } = enterAll(["a", "b", "c", "d"]);
  expect(sent).toEqual(["a", "b"]);
  leave["b"]?.();
  expect(sent).toEqual(["a", "b", "c"]);
  leave["b"]?.();
  expect(sent).toEqual(["a", "b", "c"]);
  leave["a"]?.();
  expect(sent).toEqual(["a", "b", "c", "d"]);
});

test("one that is not waited for any more loses its turn and takes nobody else's", () => {
  const { sent, leave } = enterAll(["a", "b", "c", "d"]);
  leave["c"]?.();
  leave["a"]?.();
  expect(sent).toEqual(["a", "b", "d"]);
});

test("a server that does not answer keeps nobody waiting", async () => {
  const names = Array.from({ length: 50 }, (_, n) => `${n}`);
  const { sent } = enterAll(names);
  await waitUntil("all to be sent", () => sent.length === names.length);
  expect(sent).toEqual(names);
});
