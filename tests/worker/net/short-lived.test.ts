import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

/** Where V8 allocates callbacks that are put into a property: as they stand, and out of `shortLived`. */
const script = `
  import { shortLived } from "./worker/net/short-lived.ts";
  const isYoung = new Function("object", "return %InYoungGeneration(object)");
  const message = { onLost: null };
  message.onLost = () => message;
  const plain = isYoung(message.onLost);
  message.onLost = shortLived(() => message);
  console.log(JSON.stringify({ plain, shortLived: isYoung(message.onLost) }));
`;

it("a callback in a property of a message is freed with it: V8 does not take it for long-lived, as it would without help", () => {
  const options = ["--allow-natives-syntax", "--input-type=module", "--eval", script];
  const said = execFileSync(process.execPath, options, { encoding: "utf8" });
  expect(JSON.parse(said)).toEqual({ plain: false, shortLived: true });
});
