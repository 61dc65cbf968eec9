import { expect, test } from "vitest";
import { headerAddresses } from "#components/simulator/header-addresses.ts";

test("an envelope is taken from the header lines, folded or not, and from nothing below them", () => {
  const message = [
    'From: "Ann, the one" <ann@sender.test>',
    "TO: Bo <bo@inside.test>,",
    "\tcy@inside.test",
    "Subject: for dee@inside.test",
    "",
    "To: eve@inside.test",
  ].join("\r\n");
  expect(headerAddresses(message)).toEqual({ sender: "ann@sender.test", recipients: "bo@inside.test\ncy@inside.test" });
});

test.each(["", "no header", "\0\u0001\u00ff", "From:\nTo: nobody\n\n"])("%j names nobody", (message) => {
  expect(headerAddresses(message)).toEqual({ sender: "", recipients: "" });
});
