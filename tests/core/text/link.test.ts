import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLink } from "#core/text/link.ts";
import { urlCharactersMax } from "#core/text/text-limits.ts";
import { writtenUrls } from "#core/text/written-urls.ts";
import { expectLinearTime } from "../../support/linear-time.ts";

const anchor = (written: string, display = "") => readLink(written, "anchor", display, null);

describe("where a link leads", () => {
  it.each([
    ["its host", "https://WWW.Example.com/a", "www.example.com", []],
    ["the host after the userinfo", "http://bank.example@evil.example/", "evil.example", ["userinfo"]],
    ["the host after a userinfo with colon", "http://bank.example:443@evil.example/", "evil.example", ["userinfo"]],
    ["an IP address", "http://192.0.2.1/x", "192.0.2.1", ["address"]],
    ["an IPv6 address", "http://[2001:db8::1]/", "[2001:db8::1]", ["address"]],
    ["a decimal number", "http://3221225985/", "192.0.2.1", ["address", "disguised"]],
    ["a hexadecimal number", "http://0xC0.0x0.0x2.0x1/", "192.0.2.1", ["address", "disguised"]],
    ["an octal number", "http://0300.0.2.1/", "192.0.2.1", ["address", "disguised"]],
    ["percent-encoding in the host", "http://%65vil.example/", "evil.example", ["disguised"]],
    ["full-width letters", "http://ｅｖｉｌ.example/", "evil.example", ["disguised"]],
    ["a soft hyphen", "http://ev\u00adil.example/", "evil.example", ["disguised"]],
    ["an ideographic full stop", "http://evil。example/", "evil.example", ["disguised"]],
    ["backslashes", "http:\\\\evil.example\\x", "evil.example", ["backslash"]],
    ["one slash only", "http:/evil.example", "evil.example", []],
    ["many slashes", "http:////evil.example", "evil.example", []],
    ["a backslash before the userinfo", "http://evil.example\\@bank.example/", "evil.example", ["backslash"]],
    ["line ends inside", "ht\ntp://evil.exa\r\nmple/", "evil.example", []],
    ["blanks around", " \thttp://evil.example/ ", "evil.example", []],
    ["a dot at the end", "http://evil.example./", "evil.example", []],
    ["a port", "http://evil.example:8080/", "evil.example", []],
    ["no scheme but slashes", "//evil.example/x", "evil.example", []],
    ["a known domain without scheme", "www.evil.com/x", "www.evil.com", []],
    ["www and a domain that nobody knows", "www.evil.example/x", "www.evil.example", []],
    ["a server of Windows shares", "\\\\evil.example\\share", "evil.example", ["backslash"]],
  ])("is told: %s", (_, written, host, signs) => {
    expect(anchor(written)).toMatchObject({ host, signs });
  });

  it("is told in both forms for a name with letters of other scripts", () => {
    const names = { host: "xn--bcher-kva.example", hostUnicode: "bücher.example", signs: [] };
    expect(anchor("http://bücher.example/")).toMatchObject(names);
    expect(anchor("http://xn--bcher-kva.example/")).toMatchObject(names);
    expect(anchor("http://xn--e1afmkfd.xn--p1ai/")).toMatchObject({ hostUnicode: "пример.рф" });
  });

  it("is no host for schemes without one", () => {
    expect(anchor("JavaScript:alert(1)")).toMatchObject({ scheme: "javascript", host: null });
    expect(anchor("java\nscript:alert(1)")).toMatchObject({ scheme: "javascript", host: null });
    expect(anchor("data:text/html;base64,PGI+")).toMatchObject({ scheme: "data", host: null });
    expect(anchor("mailto:a@b.example")).toMatchObject({ scheme: "mailto", host: null });
  });

  it("is no host, and disguised, where the URL is none", () => {
    expect(anchor("http://a b.example/")).toMatchObject({ scheme: "http", host: null, signs: ["disguised"] });
    expect(anchor("http://%00/")).toMatchObject({ scheme: "http", host: null, signs: ["disguised"] });
  });

  it("is nowhere for parts of the message, fragments and relative links without base", () => {
    for (const written of ["", "#top", "cid:1@x", "mid:x", "page.html", "../x", "about:blank", "?x=1"]) {
      expect(anchor(written)).toBeNull();
    }
  });

  it("is seen from the base of the document", () => {
    const base = new URL("https://base.example/a/");
    expect(readLink("b?c", "anchor", "", base)).toMatchObject({ url: "https://base.example/a/b?c", signs: [] });
    expect(readLink("//other.example", "anchor", "", base)).toMatchObject({ url: "https://other.example/" });
  });

  it("is cut to its cap, the host still being read from the whole", () => {
    const link = anchor(`http://${"a".repeat(9_000)}@evil.example/`);
    expect(link).toMatchObject({ host: "evil.example", signs: ["userinfo"] });
    expect(link?.url).toHaveLength(urlCharactersMax);
  });
});

describe("a display text names another domain", () => {
  it.each([
    ["a URL", "https://www.bank.com/login", "https://evil.com/", "www.bank.com"],
    ["a bare domain", "bank.com", "https://evil.com/", "bank.com"],
    ["a domain in a sentence", "Log in at (www.bank.co.uk).", "https://evil.co.uk/", "www.bank.co.uk"],
    ["one of two", "evil.com or bank.com", "https://evil.com/", "bank.com"],
    ["a URL with userinfo of its own", "https://evil.com@bank.com", "https://evil.com/", "bank.com"],
    ["a file ending that is a domain, with a path", "cloud.zip/x", "https://evil.com/", "cloud.zip"],
    ["a domain, where the link is a number", "bank.com", "http://3221225985/", "bank.com"],
    ["another customer of the same service", "good.github.io", "https://evil.github.io/", "good.github.io"],
    ["a URL in the middle of a word", "Visit:https://bank.com/x", "https://evil.com/", "bank.com"],
    ["a domain with invisible characters", "ba\u200bnk.com", "https://evil.com/", "bank.com"],
    ["a domain in full-width letters", "ｂａｎｋ。ｃｏｍ", "https://evil.com/", "bank.com"],
    ["a look-alike of another script", "аррӏе.com", "https://apple.com", "xn--80ak6aa92e.com"],
  ])("%s", (_, display, written, displayHost) => {
    expect(anchor(written, display)).toMatchObject({ mismatch: true, displayHost });
  });

  it.each([
    ["the same", "www.bank.com", "https://bank.com/x", "www.bank.com"],
    ["a subdomain of the same", "bank.com", "https://click.mail.bank.com/x", "bank.com"],
    ["no domain", "Click here, please. Thank you.", "https://evil.com/", null],
    ["a file name", "report.zip", "https://files.example/1", null],
    ["a file name with an ending that is no domain", "report.pdf", "https://files.example/1", null],
    ["a version", "Version 1.2.3", "https://files.example/1", null],
    ["a mail address", "info@bank.com", "https://evil.com", null],
    ["a name where the link has no host", "bank.com", "mailto:info@bank.com", "bank.com"],
  ])("not: %s", (_, display, written, displayHost) => {
    expect(anchor(written, display)).toMatchObject({ mismatch: false, displayHost });
  });
});

describe("URLs that are written out", () => {
  it.each([
    ["with a scheme", "see http://a.example/b?c=d#e now", ["http://a.example/b?c=d#e"]],
    ["at the end of a sentence", "(see https://a.example/b).", ["https://a.example/b"]],
    ["with brackets of its own", "http://a.example/b_(c)", ["http://a.example/b_(c)"]],
    ["in angle brackets", "<http://a.example/b>", ["http://a.example/b"]],
    ["with www", "at www.a.example, or", ["www.a.example"]],
    ["a known domain with a path", "go to bit.ly/abc and", ["bit.ly/abc"]],
    ["an IDN with a path", "пример.рф/x", ["пример.рф/x"]],
    ["with a port and userinfo", "http://a:b@c.example:1/", ["http://a:b@c.example:1/"]],
    ["with backslashes", "http:\\\\a.example\\b", ["http:\\\\a.example\\b"]],
    ["upper case", "HTTP://A.EXAMPLE", ["HTTP://A.EXAMPLE"]],
    ["two, one in the other", "https://a.example/?u=http://b.example/", ["https://a.example/?u=http://b.example/"]],
    ["a path of a file", "/usr/share/x.com/y and/or 1/2", []],
    ["a domain without path", "example.com", []],
    ["a mail address", "a@example.com/x", []],
    ["www inside a word", "awww.example", []],
    ["a word of no known domain", "e.g/x readme.txt/x", []],
  ])("are found: %s", (_, text, urls) => {
    expect([...writtenUrls(text)]).toEqual(urls);
  });

  it("are parts of the text, in order and apart, whatever the text is", () => {
    const piece = fc.constantFrom("http://", "www.", "a.com", "/", " ", ".", ")", "(", "@", "x", "\\", "é", "<");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        let from = 0;
        for (const url of writtenUrls(text)) {
          const at = text.indexOf(url, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + url.length;
        }
      }),
    );
  });

  it.each(["http://", "http://a.com/ ", "a.com/", "a.", "/", "www.", "http://a)", "@", ")", "a.com/ "])(
    "are found in linear time among many %j",
    (piece) => {
      expectLinearTime(
        (size) => piece.repeat(size / piece.length),
        (text) => [...writtenUrls(text)],
      );
    },
  );
});
