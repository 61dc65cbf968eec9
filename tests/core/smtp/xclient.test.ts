import { describe, expect, test } from "vitest";
import { readXclientAttributes } from "#core/smtp/xclient.ts";

describe("the attributes of XCLIENT", () => {
  test("are read with their xtext undone, and are null where they are not available", () => {
    expect(
      readXclientAttributes("NAME=mx.test ADDR=192.0.2.1 PORT=25 proto=ESMTP HELO=[UNAVAILABLE] LOGIN=a+2Bb+40c"),
    ).toEqual({ NAME: "mx.test", ADDR: "192.0.2.1", PORT: "25", PROTO: "ESMTP", HELO: null, LOGIN: "a+b@c" });
    expect(readXclientAttributes("ADDR=IPV6:2001:db8::1 NAME=[tempunavail]")).toEqual({
      ADDR: "IPV6:2001:db8::1",
      NAME: null,
    });
  });
  test.each([
    "",
    "ADDR",
    "ADDR=",
    "ADDR=localhost",
    "ADDR=1.2.3.4 ADDR=1.2.3.5",
    "PORT=99999",
    "PORT=x",
    "PROTO=LMTP",
    "COLOUR=red",
    "HELO=a+0D+0Ab",
    "LOGIN=a+0",
    "NAME=a+20b",
    `HELO=${"x".repeat(300)}`,
  ])("are refused as a whole: %j", (text) => {
    expect(readXclientAttributes(text)).toBeNull();
  });
});
