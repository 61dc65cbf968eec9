import { expect, it } from "vitest";
import { MoveQueue } from "#components/rules/move-queue.ts";
import type { BlockMove } from "#core/policy/rule-orders.ts";

function move(ruleIds: string, before: string | null): BlockMove {
  return { ruleIds: [...ruleIds], to: { proxyActionId: "in", ruleset: "sender", before } };
}

/** A server that answers when it is told to. */
function slowServer() {
  const sent: [BlockMove[], string][] = [];
  const answers: ((done: boolean) => void)[] = [];
  const queue = new MoveQueue((...request) => {
    sent.push(request);
    return new Promise((resolve) => answers.push(resolve));
  });
  const add = (block: string, before: string | null) => queue.add({ move: move(block, before), words: `${block}!` });
  const answer = async (done: boolean) => {
    answers.shift()?.(done);
    await Promise.resolve();
  };
  return { add, sent, answer };
}

it("moves of one block that are asked for while a request is under way become one", async () => {
  const { add, sent, answer } = slowServer();
  const all = [add("a", "c"), add("a", "d"), add("a", "e"), add("a", "f")];
  await answer(true);
  await answer(true);
  await Promise.all(all);
  expect(sent).toEqual([
    [[move("a", "c")], "a!"],
    [[move("a", "f")], "a!"],
  ]);
});

it("moves of different blocks go in the order in which they were asked for", async () => {
  const { add, sent, answer } = slowServer();
  const all = [add("a", null), add("b", null), add("ab", "x")];
  await answer(true);
  await answer(true);
  await Promise.all(all);
  expect(sent).toEqual([
    [[move("a", null)], "a!"],
    [[move("b", null), move("ab", "x")], "ab!"],
  ]);
});

it("after a refusal what was asked for meanwhile is given up, and later moves go", async () => {
  const { add, sent, answer } = slowServer();
  const refused = [add("a", null), add("b", null)];
  await answer(false);
  await Promise.all(refused);
  const next = add("c", null);
  await answer(true);
  await next;
  expect(sent.map(([moves]) => moves)).toEqual([[move("a", null)], [move("c", null)]]);
});
