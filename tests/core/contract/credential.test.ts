import { expect, test } from "vitest";
import { tokenUrlSchema } from "#core/contract/credential.ts";

test.each([
  ["https://login.example.test/token", true],
  ["http://127.0.0.1:8080/token", true],
  ["http://localhost/token", true],
  ["http://[::1]:8080/", true],
  ["http://login.example.test/token", false],
  ["http://localhost.example.test/token", false],
  ["http://localhost:pw@login.example.test/", false],
  ["ftp://login.example.test/", false],
  ["login.example.test", false],
])("a token URL may be %s: %s", (text, isFine) => {
  expect(tokenUrlSchema.safeParse(text).success).toBe(isFine);
});
