import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { htmlBottom, htmlTop } from "#core/message/rewrite/html-body.ts";

const top = (html: string): string => `${html.slice(0, htmlTop(html))}|${html.slice(htmlTop(html))}`;
const bottom = (html: string): string => `${html.slice(0, htmlBottom(html))}|${html.slice(htmlBottom(html))}`;

describe("the top of an HTML text", () => {
  it.each([
    [
      "<html><head><title>a < b</title></head><BODY class='x>y'>text</BODY></html>",
      "<html><head><title>a < b</title></head><BODY class='x>y'>|text</BODY></html>",
    ],
    ['<!DOCTYPE html>\n<body\n bgcolor="#fff">text', '<!DOCTYPE html>\n<body\n bgcolor="#fff">|text'],
    ["<p>text</p>", "|<p>text</p>"],
    ["text", "|text"],
    ["", "|"],
    ["<html><head></head><p>x", "<html><head></head>|<p>x"],
    ["<!-- <body> --><body>x", "<!-- <body> --><body>|x"],
    [
      "<!--[if mso]><body><![endif]--><![if !mso]><body><![endif]>x",
      "<!--[if mso]><body><![endif]--><![if !mso]><body>|<![endif]>x",
    ],
    ["<style>p > a{content:'<body>'}</style><body>x", "<style>p > a{content:'<body>'}</style><body>|x"],
    ["<script>'<body>'</script><body>x", "<script>'<body>'</script><body>|x"],
    ["<bodyguard>x", "|<bodyguard>x"],
    ["<body", "|<body"],
  ])("of %j is at %j", (html, wanted) => {
    expect(top(html)).toBe(wanted);
  });

  it("is before whatever is shown, where the author put something before the body's tag", () => {
    expect(top("<html>evil <body>x")).toBe("<html>|evil <body>x");
    expect(top("<html><div>evil</div><body>x")).toBe("<html>|<div>evil</div><body>x");
  });
});

describe("the bottom of an HTML text", () => {
  it.each([
    ["<body>x</body></html>\n", "<body>x|</body></html>\n"],
    ["<body>x</BODY >", "<body>x|</BODY >"],
    ["<body>x</body>y</body>", "<body>x</body>y|</body>"],
    ["<html>x</html>", "<html>x|</html>"],
    ["x", "x|"],
    ["<body>x<!-- </body> -->", "<body>x<!-- </body> -->|"],
    ["<body>x<!-- no end", "<body>x|<!-- no end"],
    ["<body>x<script>no end", "<body>x|<script>no end"],
    ["<body>x<a href='", "<body>x|<a href='"],
  ])("of %j is at %j", (html, wanted) => {
    expect(bottom(html)).toBe(wanted);
  });
});

it("takes linear time, whatever is in it", () => {
  const parts = ["<", "<a '", '<a "', "<!--", "<!", "<script>", "</", "<title", "a='\">"];
  for (const part of parts) {
    const html = part.repeat(50_000);
    const start = performance.now();
    htmlTop(`<html>${html}`);
    htmlBottom(html);
    expect(performance.now() - start).toBeLessThan(4_000);
  }
});

it("gives a place in the text, whatever is in it (property)", () => {
  const piece = fc.constantFrom(
    "<",
    ">",
    "<body>",
    "</body>",
    "<!--",
    "-->",
    "'",
    '"',
    "x",
    " ",
    "<script>",
    "</script>",
    "<p a='>'>",
    "İ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const html = pieces.join("");
      expect(htmlTop(html)).toBeLessThanOrEqual(html.length);
      expect(htmlBottom(html)).toBeLessThanOrEqual(html.length);
      expect(htmlBottom(html)).toBeGreaterThanOrEqual(0);
    }),
  );
});
