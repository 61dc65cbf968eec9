import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contentSettingsSchema } from "#core/contract/content-settings.ts";
import { noticeLanguages, noticeVariables } from "#core/contract/notice.ts";
import { bannerTexts, noticeText, publicReason } from "#core/message/notice.ts";
import { fillHtml, fillText, htmlOfText, noticeValueCharactersMax } from "#core/message/notice-template.ts";
import { noticeTexts } from "#core/message/notice-texts.ts";
import { awkwardText } from "../../support/awkward-text.ts";

describe("a template", () => {
  it("has its variables filled in, and CRLF for %CRLF%", () => {
    const values = { filename: "a.exe", reason: "not allowed" };
    expect(fillText("%(filename)%: %(reason)%.%CRLF%end", values)).toBe("a.exe: not allowed.\r\nend");
  });

  it("leaves out a line whose variables are all empty, and no other", () => {
    expect(fillText("Virus: %(virus)%\nFile: %(filename)% %(virus)%\n\nend", { filename: "a" })).toBe(
      "File: a \r\n\r\nend",
    );
  });

  it("never reads what a value says as a variable, a line or a mark of direction", () => {
    const values = { filename: "%(id)%%CRLF%\r\n\u202ex", id: "1" };
    expect(fillText("%(filename)% %(id)%", values)).toBe("%(id)%%CRLF% x 1");
  });

  it("takes what is no variable as text", () => {
    expect(fillText("100%(more)% %(id %(nothing)%", {})).toBe("100%(more)% %(id %(nothing)%");
  });

  it("in HTML shows values as text", () => {
    const values = { subject: `<img src=x onerror="a">&'` };
    expect(fillHtml("<b>%(subject)%</b>%CRLF%", values)).toBe(
      "<b>&#60;img src=x onerror=&#34;a&#34;&#62;&#38;&#39;</b><br>",
    );
    expect(htmlOfText("a<b\r\nc")).toBe("<div>a&#60;b<br>\nc</div>");
  });

  it(`cuts a value off after ${noticeValueCharactersMax} characters`, () => {
    expect(fillText("%(subject)%", { subject: "x".repeat(noticeValueCharactersMax + 1) })).toHaveLength(
      noticeValueCharactersMax,
    );
  });

  it("gives one line a line of the template, in HTML no tag of a value's, whatever the values are (property)", () => {
    const values = fc.dictionary(fc.constantFrom(...noticeVariables), awkwardText());
    fc.assert(
      fc.property(values, (given) => {
        const template = noticeVariables.map((name) => `<%(${name})%>`).join("");
        const text = fillText(template, given);
        expect(text).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(text.isWellFormed()).toBe(true);
        expect(fillHtml(template, given).match(/[<>]/g)?.length ?? 0).toBe(noticeVariables.length * 2);
      }),
    );
  });
});

describe("our own texts", () => {
  const values = {
    filename: "a.exe",
    type: "application/x-msdownload",
    reason: "why",
    id: "01ABC",
    sender: "a@b",
    subject: "s",
    date: "d",
  };
  const all = Object.entries(noticeTexts).flatMap(([language, { notices }]) =>
    Object.keys(notices).map((kind) => [language, kind] as const),
  );

  it("are there in every language that a policy may choose", () => {
    expect(Object.keys(noticeTexts)).toEqual([...noticeLanguages]);
  });

  it.each(all)("in %s, %s, name only known variables and tell the id and whom to ask", (language, kind) => {
    const { notices, recoveries, administrator } = noticeTexts[language as keyof typeof noticeTexts];
    const template = notices[kind as keyof typeof notices];
    for (const [, name] of `${template}${recoveries[kind as keyof typeof recoveries]}`.matchAll(/%\(([^)]*)\)%/g))
      expect(noticeVariables).toContain(name);
    const text = noticeText(kind as keyof typeof notices, language as keyof typeof noticeTexts, values);
    expect(text).toContain("01ABC");
    expect(text).toContain(administrator);
    expect(text).not.toMatch(/%\(|undefined|\p{Cf}/u);
    expect(
      noticeText(kind as keyof typeof notices, language as keyof typeof noticeTexts, {
        ...values,
        contact: "it@b.test",
      }),
    ).toContain("it@b.test");
  });

  it("name whom to ask in their own language where the policy names nobody", () => {
    const { contact } = contentSettingsSchema.parse({});
    expect(noticeText("stripped", "de", { ...values, contact })).toContain("an Ihre Mail-Administration und");
  });

  it("have a reason in each language for each thing that a reader may be told", () => {
    expect(publicReason("malware", "de")).toBe("Schadsoftware wurde gefunden.");
    const names = Object.keys(noticeTexts.en.reasons);
    for (const { reasons } of Object.values(noticeTexts)) expect(Object.keys(reasons)).toEqual(names);
  });

  it("give way to a template of the policy, which may use their recovery", () => {
    const text = noticeText("locked", "en", { ...values, contact: "Joe" }, "%(filename)%\n%(recovery)%");
    expect(text).toBe("a.exe\r\nIt is kept for a while. If you need it, ask Joe and give the id above.");
  });

  it("of a banner become HTML where none is given", () => {
    expect(bannerTexts("en", { sender: "<a@b>" }, { text: "From %(sender)%" })).toEqual({
      text: "From <a@b>",
      html: "<div>From &#60;a@b&#62;</div>",
    });
    expect(bannerTexts("en", { sender: "<a@b>" }, { text: "x", html: "<i>%(sender)%</i>" }).html).toBe(
      "<i>&#60;a@b&#62;</i>",
    );
  });
});
