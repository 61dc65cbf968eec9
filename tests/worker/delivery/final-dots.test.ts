import { expect, test } from "vitest";
import { answeredPerDot, FinalDots } from "#worker/delivery/final-dots.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** Names of those whose turn came, and for each how it leaves. */
function enterAll(dots: FinalDots, names: string[]): { sent: string[]; leave: Record<string, () => void> } {
  const sent: string[] = [];
  const leave: Record<string, () => void> = {};
  for (const name of names) leave[name] = dots.enter(() => sent.push(name));
  return { sent, leave };
}

test("after a start each goes once the one before it is answered, in the order in which they came", () => {
  const { sent, leave } = enterAll(new FinalDots(), ["a", "b", "c"]);
  expect(sent).toEqual(["a"]);
  leave["a"]?.();
  expect(sent).toEqual(["a", "b"]);
  leave["b"]?.();
  expect(sent).toEqual(["a", "b", "c"]);
});

test("the more were answered, the more are out at once", () => {
  const dots = new FinalDots();
  for (let n = 0; n < 3 * answeredPerDot; n++) dots.enter(() => undefined)();
  expect(enterAll(dots, ["a", "b", "c", "d", "e"]).sent).toEqual(["a", "b", "c", "d"]);
});

test("one that is not waited for any more loses its turn and takes nobody else's", () => {
  const { sent, leave } = enterAll(new FinalDots(), ["a", "b", "c"]);
  leave["b"]?.();
  expect(sent).toEqual(["a"]);
  leave["a"]?.();
  expect(sent).toEqual(["a", "c"]);
});

test("a server that does not answer keeps nobody waiting", async () => {
  const names = Array.from({ length: 50 }, (_, n) => `${n}`);
  const { sent } = enterAll(new FinalDots(), names);
  await waitUntil("all to be sent", () => sent.length === names.length);
  expect(sent).toEqual(names);
});
