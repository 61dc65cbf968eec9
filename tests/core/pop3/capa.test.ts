import { describe, expect, it } from "vitest";
import { filterCapabilities } from "#core/pop3/capa.ts";

describe("the capabilities", () => {
  it("are those of the server that hold through us, as it wrote them", () => {
    const server = [
      "TOP",
      "user",
      "SASL PLAIN LOGIN",
      "STLS",
      "UIDL",
      "EXPIRE 60 USER",
      "LOGIN-DELAY 900",
      "UTF8",
      "LANG",
      "PIPELINING",
      "RESP-CODES",
      "AUTH-RESP-CODE",
      "IMPLEMENTATION Dovecot",
      "XFOO",
    ];
    expect(filterCapabilities(server, () => true)).toEqual([
      "TOP",
      "user",
      "UIDL",
      "EXPIRE 60 USER",
      "LOGIN-DELAY 900",
      "PIPELINING",
      "RESP-CODES",
      "AUTH-RESP-CODE",
    ]);
  });

  it("are never more than the server's", () => {
    expect(filterCapabilities([], () => true)).toEqual([]);
  });

  it("leave out a command that the policy does not let pass", () => {
    expect(filterCapabilities(["TOP", "UIDL"], (verb) => verb !== "TOP")).toEqual(["UIDL"]);
  });
});
