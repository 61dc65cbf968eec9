import { describe, expect, it } from "vitest";
import { inspectBytes } from "#core/files/inspect-bytes.ts";
import { bytesOf } from "./builders/bytes.ts";

function traitsOf(text: string): readonly string[] {
  return inspectBytes(bytesOf(text)).traits;
}

describe("a drawing runs a script", () => {
  it.each([
    ["by an element", "<svg><script>alert(1)</script></svg>"],
    ["by an element with a prefix", "<s:svg xmlns:s='http://www.w3.org/2000/svg'><s:script>x</s:script></s:svg>"],
    ["by a handler", "<svg onload='x()'/>"],
    ["by a handler without blank", '<svg><rect width="1"onclick="x()"/></svg>'],
    ["by an address", "<svg><a href=' javascript:x()'/></svg>"],
    ["by an animated address", "<svg><set attributeName='href' to='javascript:x()'/></svg>"],
    ["by a page inside", "<svg><foreignObject><iframe/></foreignObject></svg>"],
  ])("%s", (_, text) => {
    expect(traitsOf(text)).toEqual(["svg-script"]);
  });
  it.each([
    ["not without", "<svg><rect width='1' height='1'/><text>on load = script</text></svg>"],
    ["not by a text that describes it", "<svg><title>description of onload</title></svg>"],
  ])("%s", (_, text) => {
    expect(traitsOf(text)).toEqual([]);
  });
});

describe("a page", () => {
  it.each([
    ["runs a script", "<html><body><script>1</script></body></html>", ["html-script"]],
    ["runs a script by a handler", "<html><body onload=x()>", ["html-script"]],
    ["has a form", "<html><body><form action='http://example.com/'><input></form>", ["html-form"]],
    ["has neither", "<html><body><p>on = off; script and form</p></body></html>", []],
  ])("%s", (_, text, traits) => {
    expect(traitsOf(text)).toEqual(traits);
  });
});
