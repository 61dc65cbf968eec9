import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readHtml } from "#core/text/html-reader.ts";
import { displayTextCharactersMax, linksMax } from "#core/text/text-limits.ts";
import { expectLinearTime } from "../../support/linear-time.ts";

const seen = (html: string) => readHtml(html).visible.replace(/\s+/g, " ").trim();
const urls = (html: string) => readHtml(html).links.map(({ source, url }) => `${source} ${url}`);

describe("what a reader sees of HTML", () => {
  it.each([
    ["text", "<p>Hello <b>you</b></p>", "Hello you"],
    ["words that tags split", "V<b></b>ia<!-- x -->gra", "Viagra"],
    ["words that hidden text splits", "V<span style='display:none'>x</span>iagra", "Viagra"],
    ["words that blocks part", "one<p>two<br>three<td>four", "one two three four"],
    ["named entities", "&lt;b&gt; &eacute; &amp;amp;", "<b> é &amp;"],
    ["numbered entities, without semicolon too", "&#118;&#x69;&#97gra", "viagra"],
    ["no scripts", "a<script>var x = '<p>b</p>';</script>c", "ac"],
    ["no styles", "a<style>p { }</style>c", "ac"],
    ["no comments, however they end", "a<!-- > --!>b<!-->c<!--->d", "abcd"],
    ["no comments inside of scripts", "a<script><!-- </script>b", "ab"],
    ["no conditional comments", "a<!--[if mso]>x<![endif]-->b", "ab"],
    ["no head's title", "<head><title>T</title></head><body>b", "b"],
    ["the text after a head that nothing ends", "<head><style>x</style><p>b", "b"],
    ["no declarations", "<!DOCTYPE html><?xml version='1.0'?>b", "b"],
    ["a text area and an input's value", "<textarea>a <b></textarea><input value='c'>", "a <b> c"],
    ["an image's text", "a <img src=x alt='b c'> d", "a b c d"],
    ["a tag of any name", "<Foo:Bar baz>b</foo:bar>", "b"],
    ["tags in upper case with line ends", "<P\nCLASS='x'>b</P\n>", "b"],
    ["a less-than sign that begins no tag", "1 < 2 <3", "1 < 2 <3"],
    ["slashes for blanks", "<p/class=x/>b", "b"],
    ["a greater-than sign in an attribute", "<p title='>'>b", "b"],
    ["no tag that the end cuts", "a<p title='b", "a"],
    ["no template", "a<template>b<p>c</template>d", "ad"],
  ])("%s", (_, html, text) => {
    expect(seen(html)).toBe(text);
  });

  it("is told apart from what it hides, up to the end of the element", () => {
    const html =
      "a<div hidden>b<div>c</div>d</div>e<p style='font-size:0px;color:red'>f</p><i style='opacity:0.5'>g</i>";
    const { visible, hidden } = readHtml(html);
    expect(visible.replace(/\s+/g, "")).toBe("aeg");
    expect(hidden.replace(/\s+/g, "")).toBe("bcdf");
  });
});

describe("the links of HTML", () => {
  it.each([
    ["an anchor", "<a href='http://a.example/'>x</a>", ["anchor http://a.example/"]],
    ["an area", "<area href=http://a.example/>", ["anchor http://a.example/"]],
    ["an anchor that nothing ends", "<a href='http://a.example/'>x", ["anchor http://a.example/"]],
    ["a slash for a blank", "<a/href='http://a.example/'>x", ["anchor http://a.example/"]],
    ["entities", "<a href='http&#58;//a.example/?b&amp;c'>x</a>", ["anchor http://a.example/?b&c"]],
    [
      "both of two",
      "<a href='http://a.example/' href='http://b.example/'>x</a>",
      ["anchor http://a.example/", "anchor http://b.example/"],
    ],
    ["a form", "<form action='http://a.example/'>", ["form http://a.example/"]],
    ["a button", "<button formaction='http://a.example/'>", ["form http://a.example/"]],
    ["an image", "<img src='http://a.example/'>", ["resource http://a.example/"]],
    ["a background", "<table background='http://a.example/'>", ["resource http://a.example/"]],
    ["a style sheet", "<link rel=stylesheet href='http://a.example/'>", ["resource http://a.example/"]],
    ["an object", "<object data='http://a.example/'>", ["resource http://a.example/"]],
    ["a link of an SVG", "<svg><a xlink:href='http://a.example/'>x</a></svg>", ["anchor http://a.example/"]],
    ["a refresh", "<meta http-equiv=Refresh content=\"0; URL='http://a.example/'\">", ["refresh http://a.example/"]],
    [
      "a refresh without url=",
      "<meta http-equiv=refresh content='0;http://a.example/'>",
      ["refresh http://a.example/"],
    ],
    ["text", "<p>http://a.example/</p>", ["text http://a.example/"]],
    ["text that is hidden", "<p hidden>http://a.example/</p>", ["text http://a.example/"]],
    [
      "once where it is written out in its anchor",
      "<a href='http://a.example/'>http://a.example/</a>",
      ["anchor http://a.example/"],
    ],
    [
      "from a base, wherever it stands",
      "<a href=b>x</a><base href='http://a.example/'>",
      ["anchor http://a.example/b"],
    ],
    ["none of a comment", "<!-- <a href='http://a.example/'> -->", []],
    ["none of a script", "<script>'<a href=http://a.example/>'</script>", []],
  ])("are found: %s", (_, html, found) => {
    expect(urls(html)).toEqual(found);
  });

  it("have the text that is shown for them, an image's included, and no more of it than its cap", () => {
    const [link, long] = readHtml(
      `<a href='http://a.example/'> log <b>in</b>\n<i hidden>not</i> at <img alt='bank.com'></a><a href='http://b.example'>${"x".repeat(999)}</a>`,
    ).links;
    expect(link).toMatchObject({ displayText: "log in at bank.com", displayHost: "bank.com", mismatch: true });
    expect(long?.displayText).toHaveLength(displayTextCharactersMax);
  });

  it("are counted only beyond their cap", () => {
    const html = Array.from({ length: linksMax + 5 }, (_, n) => `<a href='http://a.example/${n}'>x</a>`).join("");
    const { links, linksDropped } = readHtml(html);
    expect([links.length, linksDropped]).toEqual([linksMax, 5]);
  });

  it("are each told once, however often they stand there", () => {
    expect(urls("<img src='http://a.example/'>".repeat(linksMax + 5))).toEqual(["resource http://a.example/"]);
  });
});

const anyCharacter = fc.nat(0x10ffff).map((code) => String.fromCodePoint(code));

describe("any document", () => {
  it("is read, whatever is in it", () => {
    const piece = fc.constantFrom(
      "<a href=",
      "<p hidden>",
      "</p>",
      "<",
      ">",
      "'",
      '"',
      "&#",
      "&amp",
      ";",
      "<!--",
      "-->",
      "http://a.com/",
      "<script>",
      "</script",
      "<style>",
      "</style>",
      "<base href=http://b.com>",
      "x",
      " ",
      "/",
      "=",
      "\0",
      "<title>",
      "<![CDATA[",
      "é",
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: anyCharacter, maxLength: 5 })), { maxLength: 60 }),
        (pieces) => {
          const html = pieces.join("");
          const { visible, hidden } = readHtml(html);
          expect(visible.length + hidden.length).toBeLessThanOrEqual(4 * html.length);
        },
      ),
    );
  });

  it.each([
    "<",
    ">",
    "&",
    "&amp;",
    "&#",
    "&#x41",
    "<a ",
    "<a href=x>",
    "<div hidden>",
    "<!--",
    "<![CDATA[",
    "<meta ",
    "</a>",
    "<p></i>",
    "<a href=http://a.com>",
    "<script>",
    "<title>",
    "<base href=//a.com/>",
    "='",
    "a@",
    "0123456789 ",
    "<b style='display:'>",
  ])("is read in linear time: many %s", (piece) => {
    expectLinearTime((size) => piece.repeat(size / piece.length), readHtml);
  });

  it("is read in linear time: one tag of many attributes", () => {
    expectLinearTime((size) => `<a ${"href=x b ".repeat(size / 9)}>`, readHtml);
    expectLinearTime((size) => `<p style="${"display: ".repeat(size / 9)}">`, readHtml);
    expectLinearTime((size) => `<meta http-equiv=refresh content="${"1 ".repeat(size / 2)}">`, readHtml);
  });
});
