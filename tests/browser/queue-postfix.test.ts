import { expect, type Page, test } from "@playwright/test";
import { sampleMessage } from "#demo/samples.ts";
import { publishDraft } from "../support/draft-in-browser.ts";
import { lookAt } from "../support/looked-at.ts";
import { PostfixServer, postfixPrograms } from "../support/postfix-server.ts";
import { requires } from "../support/requires.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { SmtpClient } from "../support/smtp-client.ts";
import { TestAuthority } from "../support/test-authority.ts";
import { useProduct } from "../support/use-product.ts";
import { waitUntil } from "../support/wait-until.ts";

const postfix = requires(postfixPrograms, { root: true });
const mailbox = "bob@example.test";
const pauseMs = 150;
const withoutTls = ["smtpd_tls_security_level=none"];

/** Mail that keeps coming from outside, a message a connection, whatever happens behind the gate. */
class Traffic {
  readonly accepted: string[] = [];
  readonly refused = new Set<string>();
  readonly #port: number;
  readonly #ended: Promise<void>;
  #stopped = false;

  constructor(port: number) {
    this.#port = port;
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#ended;
  }

  async #run(): Promise<void> {
    for (let n = 1; !this.#stopped; n++) {
      await this.#send(`Order ${n}.`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #send(subject: string): Promise<void> {
    const client = await SmtpClient.connect(this.#port);
    const message = sampleMessage("clean", "dora@outside.test", mailbox, subject).toString("latin1");
    for (const command of [
      "EHLO outside.test",
      "MAIL FROM:<dora@outside.test>",
      `RCPT TO:<${mailbox}>`,
      "DATA",
      `${message}\r\n.`,
    ]) {
      const reply = await client.command(command);
      if (!/^[23]/.test(reply)) {
        this.refused.add(reply);
        return client.close();
      }
    }
    this.accepted.push(subject);
    client.close();
  }
}

let product: RunningProduct;
let server: PostfixServer;
let traffic: Traffic;
let page: Page;

test.skip(!postfix.met, postfix.why);

// Before the product is stopped, which it needs.
test.afterAll(() => traffic?.stop());

useProduct(async (started) => {
  ({ product, page } = started);
  // Postfix is the server behind the proxy here.
  await product.stopMailServer();
  const authority = new TestAuthority();
  const certificate = authority.issue(["IP:127.0.0.1"]);
  authority.remove();
  const options = { port: product.ports.demoSmtp, domains: ["example.test"], certificate };
  server = await PostfixServer.start(options, withoutTls);
  await page.goto(`${product.consoleUrl}/queue`);
  await expect(page.locator("[data-live=live]")).toBeVisible();
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  traffic = new Traffic(product.ports.externalSmtp);
});

test.afterAll(() => server?.stop());

/** What senders heard, but for one whose message was under way as Postfix ended: nobody knows whether that was taken. */
const refusals = () =>
  [...traffic.refused].filter((reply) => !reply.includes("connection to the next server was lost"));
const routes = () => page.getByRole("list", { name: "Routes now" });
const why = () => page.getByRole("list", { name: "Why mail waits" });
const rows = () => page.getByRole("table", { name: "Queued messages", exact: true }).getByRole("row");

test("while Postfix serves, mail goes through and nothing is queued", async () => {
  await waitUntil("mail to arrive", () => server.inbox.stored().length >= 5, 30_000);
  await expect(routes()).toContainText(/relaying/);
  await expect(page.getByText("The queue is empty")).toBeVisible();
});

test("Postfix is stopped: senders are still told 250, and the page shows the spooling and why", async () => {
  await server.down();
  await expect(routes()).toContainText(/down.*inside.*spooling \d+/s);
  await expect(why()).toContainText(/inside cannot be reached: \d+ messages?, oldest/);
  await expect(page.getByRole("table", { name: /by destination and age/ })).toContainText("inside");
  const before = Number(/spooling (\d+)/.exec(await routes().innerText())?.[1]);
  await expect
    .poll(async () => Number(/spooling (\d+)/.exec(await routes().innerText())?.[1]))
    .toBeGreaterThan(before + 5);
  expect(refusals()).toEqual([]);
  await lookAt(page, "queue postfix down");
});

test("Postfix is started again: the queue drains to nothing on the page, and nobody does anything", async () => {
  await server.up(withoutTls);
  await expectDrained();
  await lookAt(page, "queue postfix back");
});

test("the route demands TLS, which Postfix does not offer: the page says so, and senders are told 250", async () => {
  await demandTls();
  await expect(why()).toContainText(/inside refuses TLS: \d+ messages?, oldest/);
  await expect(routes()).toContainText(/down.*inside.*spooling \d+/s);
  expect(refusals()).toEqual([]);
  await lookAt(page, "queue postfix without TLS");
});

test("Postfix is restarted with TLS: the queue drains by itself again", async () => {
  await server.down();
  await server.up();
  await expectDrained();
});

test("Postfix is restarted and asks to try later: another cause, and new senders hear it themselves", async () => {
  await server.down();
  await expect(routes()).toContainText(/spooling \d+/);
  await server.up(["smtpd_client_restrictions=defer"]);
  await expect(why()).toContainText(/inside (?:greylists us|asks to try later): \d+ messages?, oldest/, {
    timeout: 60_000,
  });
  await expect(routes()).toContainText(/relaying.*\d+ waiting/s);
  // A message that was under way as Postfix ended is another's: 451, the connection was lost.
  await waitUntil("a sender to be told", () => [...traffic.refused].some((said) => said.startsWith("450 ")));
  await lookAt(page, "queue postfix defers");
  await server.down();
});

test("it serves again: one action on the cause sends all, the queue drains on the page, and each message is there once", async () => {
  await server.up();
  await expect(rows().first()).toBeVisible();
  await waitUntil("new mail to go through", () => server.inbox.stored().length > 5);
  await why().getByRole("button", { name: "Retry now" }).first().click();
  await expect(page.getByText("The queue is empty")).toBeVisible({ timeout: 90_000 });
  await expect(routes()).toContainText("relaying");
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
  await traffic.stop();
  const arrived = () => server.inbox.stored().flatMap((mail) => /^Subject: (.*)$/m.exec(mail)?.[1] ?? []);
  await waitUntil("all that was accepted", () => traffic.accepted.every((subject) => arrived().includes(subject)));
  expect(arrived().length, "each message once").toBe(new Set(arrived()).size);
  await lookAt(page, "queue postfix drained");
});

/** By itself: without a reload, and no sender was told to come again. */
async function expectDrained(): Promise<void> {
  await expect(page.getByText("The queue is empty")).toBeVisible({ timeout: 90_000 });
  await expect(routes()).toContainText("relaying");
  await expect(routes()).not.toContainText("spooling");
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);
  expect(refusals()).toEqual([]);
}

/** Publishes it from another window, so that the queue page stays as it is. */
async function demandTls(): Promise<void> {
  const other = await page.context().newPage();
  await other.goto(`${product.consoleUrl}/routes`);
  await other.getByRole("link", { name: "inside", exact: true }).click();
  const drawer = other.getByRole("dialog", { name: "Route inside" });
  await drawer.getByLabel("Mode").selectOption("required");
  await drawer.getByLabel("The server's certificate is checked").selectOption("none");
  await drawer.getByRole("button", { name: "Save to draft" }).click();
  await expect(drawer).toBeHidden();
  await publishDraft(other, product.consoleUrl);
  await other.close();
}
