import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { ForeignText } from "#components/ui/foreign-text.tsx";

function shown(text: string | null): string {
  return renderToStaticMarkup(<ForeignText text={text} empty="nothing" />);
}

describe("text from strangers", () => {
  test("is escaped", () => {
    expect(shown('<img src=x onerror="alert(1)">')).not.toContain("<img");
  });

  test("shows characters that reorder or hide text as code points", () => {
    expect(shown("invoice\u202efdp.exe")).toContain("U+202E");
    expect(shown("a\u200bb")).toContain("U+200B");
    expect(shown("a\u0000\u001b[31m")).toContain("U+0000U+001B");
    expect(shown("invoice\u202efdp.exe")).not.toContain("\u202e");
  });

  test("leaves the letters of all scripts alone", () => {
    expect(shown("Grüße 日本語 مرحبا")).toContain("Grüße 日本語 مرحبا");
  });

  test("says so when there is none", () => {
    expect(shown(null)).toContain("nothing");
    expect(shown("")).toContain("nothing");
  });
});
