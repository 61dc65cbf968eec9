import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { type DemoMailServer, demoPassword, startDemoMailServer } from "#demo/mail-server.ts";
import { poplibSession } from "../fleet/clients/pop3-clients.ts";
import { publishDraft, replaceDraft } from "../support/draft-in-browser.ts";
import { clean, expectBoth, fill } from "../support/fetched-mail.ts";
import { freePort } from "../support/free-port.ts";
import { lookAt, tabTo } from "../support/looked-at.ts";
import { curlMailbox } from "../support/mail-programs.ts";
import type { RunningProduct } from "../support/running-product.ts";
import { TestAuthority } from "../support/test-authority.ts";
import { TlsFront } from "../support/tls-front.ts";
import { useProduct } from "../support/use-product.ts";

const folder = mkdtempSync(join(tmpdir(), "postern-mailboxes-"));
const authorityFile = join(folder, "authority.pem");
const ours = "pop.postern.test";
const clientPassword = "only said to the bridge";

let product: RunningProduct;
let page: Page;
let provider: DemoMailServer;
let providerFront: TlsFront;
let providerPort: number;
let ports: { stls: number; implicit: number };

useProduct(
  async (started) => {
    ({ product, page } = started);
    ports = { stls: await freePort(), implicit: await freePort() };
  },
  async () => {
    const authority = new TestAuthority();
    const at = (name: string, text: string) => {
      writeFileSync(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const own = authority.issue([`DNS:${ours}`]);
    at("authority.pem", authority.cert);
    provider = await startDemoMailServer({ smtpPort: 0, pop3Port: 0 });
    providerFront = new TlsFront(authority.issue(["DNS:pop.provider.test"]), provider.pop3Port);
    authority.remove();
    providerPort = await providerFront.listen();
    const certificate = { name: "pop", certFile: at("pop.pem", own.cert), keyFile: at("pop.key", own.key) };
    return { workerConfig: { certificates: [certificate], trustedAuthoritiesFile: authorityFile } };
  },
);

test.afterAll(async () => {
  await providerFront?.stop();
  await provider?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page and waits until it runs: what is typed before that is lost. */
async function open(path: string): Promise<void> {
  await page.goto(`${product.consoleUrl}${path}`);
  await expect(page.locator("[data-live=live]")).toBeVisible();
}

/** Fills the drawer of that title, looks at it in every view, and saves it. */
async function saveDrawer(title: string, fill: (drawer: Locator) => Promise<void>, save = "Save to draft") {
  const drawer = page.getByRole("dialog", { name: title });
  await fill(drawer);
  await lookAt(page, `pop3 ${title}`);
  await drawer.getByRole("button", { name: save }).click();
  await expect(drawer).toBeHidden();
}

test("a system without any object tells what the two directions are, and where to begin with POP3", async () => {
  await replaceDraft(page, product.consoleUrl, "version: 1\n");
  await open("/policies");
  await expect(page.getByText("People inside fetch their mail from a provider's server outside.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Add POP3 route" })).toBeVisible();
  await lookAt(page, "pop3 first steps");
});

test("two interfaces are added", async () => {
  for (const [name, zone] of [
    ["External", "external"],
    ["Trusted", "trusted"],
  ] as const) {
    await open("/interfaces?new=1");
    const drawer = page.getByRole("dialog", { name: "Add interface" });
    await drawer.getByLabel("Name").fill(name);
    await drawer.getByLabel("Zone").selectOption(zone);
    await drawer.getByRole("button", { name: "Save to draft" }).click();
    await expect(drawer).toBeHidden();
  }
});

test("a credential of a mailbox gets a password for mail programs, which is never shown again", async () => {
  await open("/credentials?new=1");
  const save = "Save and give to the workers";
  await saveDrawer(
    "Add credential",
    async (drawer) => {
      await drawer.getByLabel("Name").fill("carol at the provider");
      await drawer.getByLabel("User").fill("carol");
      await drawer.getByLabel("Password", { exact: true }).fill(demoPassword);
      await drawer.getByLabel("Password for mail programs").fill(clientPassword);
    },
    save,
  );
  await expect(page.getByText("User and password, password for mail programs")).toBeVisible();
  await page.getByRole("link", { name: "carol at the provider" }).click();
  await saveDrawer(
    "Credential carol at the provider",
    async (drawer) => {
      await expect(drawer.getByText("kept, sealed; it cannot be shown")).toHaveCount(2);
      await drawer.getByRole("button", { name: "Replace or take away" }).click();
      await expect(drawer.getByText("Empty: taken away when it is saved.")).toBeVisible();
      await drawer.getByRole("button", { name: "Keep the old one" }).click();
    },
    save,
  );
});

test("a route to a provider with TLS and a bridge is added with the keyboard alone", async () => {
  await open("/routes");
  const link = page.getByRole("link", { name: "Add POP3 route" }).first();
  await link.focus();
  await page.keyboard.press("Enter");
  const drawer = page.getByRole("dialog", { name: "Add POP3 route" });
  await expect(drawer.getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("provider");
  await tabTo(drawer.getByLabel("Host of server 1"));
  await page.keyboard.type("127.0.0.1");
  await tabTo(drawer.getByLabel("Mode"));
  await page.keyboard.type("Impl");
  await expect(drawer.getByLabel("Mode")).toHaveValue("implicit");
  await expect(drawer.getByLabel("Port of server 1")).toHaveValue("995");
  await tabTo(drawer.getByLabel("Server name"));
  await page.keyboard.type("pop.provider.test");
  await tabTo(drawer.getByLabel("carol at the provider (carol)"));
  await page.keyboard.press("Space");
  await expect(drawer.getByLabel("Other users")).toHaveValue("pass");
  await lookAt(page, "pop3 route");
  await drawer.getByLabel("Port of server 1").focus();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type(String(providerPort));
  await tabTo(drawer.getByRole("button", { name: "Save to draft" }));
  await page.keyboard.press("Enter");
  await expect(drawer).toBeHidden();
  const row = page.getByRole("row", { name: /provider/ });
  await expect(row).toContainText("Mailboxes, TLS implicit, bridge for carol at the provider");
});

test("a credential that a bridge needs keeps its password for mail programs", async () => {
  await open("/credentials");
  await expect(page.getByRole("row", { name: /carol/ })).toContainText("provider (bridge) (not published yet)");
  await page.getByRole("link", { name: "carol at the provider" }).click();
  const drawer = page.getByRole("dialog", { name: "Credential carol at the provider" });
  await drawer.getByRole("button", { name: "Replace or take away" }).click();
  await drawer.getByRole("button", { name: "Save and give to the workers" }).click();
  await expect(drawer.getByText(/is needed by the bridge of route "provider"/)).toBeVisible();
  await drawer.getByRole("button", { name: "Close without saving" }).click();
});

test("a route to our own server, and a proxy action for each direction from the presets", async () => {
  await open("/routes?new=pop3");
  await saveDrawer("Add POP3 route", async (drawer) => {
    await drawer.getByLabel("Name", { exact: true }).fill("our server");
    await drawer.getByLabel("Host of server 1").fill("127.0.0.1");
    await drawer.getByLabel("Port of server 1").fill(String(product.ports.demoPop3));
    await drawer.getByLabel("Health check every").fill("1000");
  });
  for (const [preset, name] of [
    ["POP3 clients, recommended", "Fetch out"],
    ["POP3 server, recommended", "Fetch in"],
  ] as const) {
    await open("/proxy-actions");
    await page.getByRole("link", { name: `Clone preset ${preset}` }).click();
    const drawer = page.getByRole("dialog", { name: `Clone ${preset}` });
    await drawer.getByLabel("Name").fill(name);
    await drawer.getByRole("button", { name: "Save to draft" }).click();
    await expect(drawer).toBeHidden();
  }
});

test("mail stays on the server for some days: the days are asked for where they count", async () => {
  await open("/proxy-actions");
  await page.getByRole("link", { name: "Fetch out", exact: true }).click();
  await expect(page.getByRole("textbox", { name: "Days on the server" })).toBeHidden();
  await page.getByLabel("Clients may delete").selectOption("after-days");
  await page.getByRole("textbox", { name: "Days on the server" }).fill("7");
  await lookAt(page, "pop3 proxy action");
  await page.getByRole("button", { name: "Save settings to draft" }).click();
  await expect(page.getByText("Settings of “Fetch out” saved to the draft.")).toBeVisible();
});

test("a rule about a command chooses it among those that there are", async () => {
  const view = page.getByRole("group", { name: "View of command rules" });
  await view.getByRole("button", { name: "Advanced" }).click();
  await page.getByRole("link", { name: "Add rule to command of Fetch out" }).click();
  await saveDrawer("Add rule", async (drawer) => {
    await drawer.getByLabel("Name").fill("no UTF8 in clear text");
    await drawer.getByRole("button", { name: "Add condition" }).click();
    await drawer.getByLabel("Test of condition 1").selectOption({ label: "is" });
    await drawer.getByLabel("Value of condition 1").selectOption("UTF8");
    await drawer.getByRole("button", { name: "Add condition" }).click();
    await drawer.getByLabel("Fact of condition 2").selectOption({ label: "TLS version" });
    await drawer.getByLabel("Test of condition 2").selectOption({ label: "is" });
    await drawer.getByLabel("Value of condition 2").selectOption({ label: "none: in clear text" });
    await expect(drawer.getByText(/If POP3 command is UTF8 and TLS version is empty, deny/)).toBeVisible();
  });
});

test("a policy for people inside, who fetch from the provider", async () => {
  await open("/policies?add=pop3");
  await saveDrawer("Add POP3 policy", async (drawer) => {
    await drawer.getByLabel("Name").fill("Fetch");
    await drawer.getByLabel("From interface").selectOption("Trusted");
    await drawer.getByLabel("Address").fill("127.0.0.1");
    await drawer.getByLabel("Port").fill(String(product.ports.trustedPop3));
    await drawer.getByLabel("To interface").selectOption("External");
    await expect(drawer.getByText("Outgoing: people on Trusted fetch their mail from a provider's")).toBeVisible();
    await drawer.getByLabel("Route", { exact: true }).selectOption("provider");
    await drawer.getByRole("button", { name: "Add route by user" }).click();
    await drawer.getByLabel("Domain of route 1", { exact: true }).fill("postern.test");
    await drawer.getByLabel("Route of user route 1").selectOption("our server");
    await drawer.getByLabel("Proxy action").selectOption("Fetch out");
  });
});

test("a policy for people outside, who fetch from our server with STLS or implicit TLS", async () => {
  await open("/policies?add=pop3");
  await saveDrawer("Add POP3 policy", async (drawer) => {
    await drawer.getByLabel("Name").fill("Mailboxes");
    await drawer.getByRole("button", { name: "Add route by user" }).click();
    await drawer.getByLabel("Test of the user of route 1").selectOption({ label: "User is one of" });
    await drawer.getByLabel("Clients may choose the server").check();
    await drawer.getByLabel("TLS with clients").selectOption("required");
    await drawer.getByRole("button", { name: "Save to draft" }).click();
    await expect(drawer.getByText("This is needed.").first()).toBeVisible();
    await lookAt(page, "pop3 policy with problems");
    await drawer.getByRole("button", { name: "Remove user route 1" }).click();
    await drawer.getByLabel("From interface").selectOption("External");
    await drawer.getByRole("button", { name: "Add listener" }).click();
    for (const [title, mode, proposed, port] of [
      ["Listener 1", "required", "110", ports.stls],
      ["Listener 2", "implicit", "995", ports.implicit],
    ] as const) {
      const listener = drawer.getByRole("group", { name: title });
      await listener.getByLabel("Address").fill("127.0.0.1");
      await listener.getByLabel("TLS with clients").selectOption(mode);
      await expect(listener.getByLabel("Port")).toHaveValue(proposed);
      await listener.getByLabel("Port").fill(String(port));
      await expect(listener.getByLabel("pop", { exact: true })).toBeChecked();
    }
    await drawer.getByLabel("To interface").selectOption("Trusted");
    await drawer.getByLabel("Route", { exact: true }).selectOption("our server");
    await drawer.getByLabel("Name of server 1").fill("inside");
    await drawer.getByLabel("Route of server 1").selectOption("our server");
    await drawer.getByLabel("Proxy action").selectOption("Fetch out");
    await expect(drawer.getByText("It is made for outgoing mail, and this policy is incoming.")).toBeVisible();
    await drawer.getByLabel("Proxy action").selectOption("Fetch in");
  });
  await expect(page.getByText("Clients may choose")).toBeVisible();
  await lookAt(page, "pop3 policies");
});

test("the draft is published, and the worker takes it", async () => {
  await publishDraft(page, product.consoleUrl);
});

test("people inside fetch from the provider: the clean message byte for byte, the program as a notice", async () => {
  fill(provider.mailboxes, "dave");
  const account = { port: product.ports.trustedPop3, user: "dave", password: demoPassword };
  const [capa, first, second] = await poplibSession(account, [["retr", 1], ["retr", 2], ["quit"]]);
  expect(capa).toEqual(expect.arrayContaining(["UIDL", "TOP"]));
  expectBoth(String(first), String(second));
  fill(product.mailboxes, "erin");
  const url = `pop3://127.0.0.1:${product.ports.trustedPop3}`;
  const of = (user: string, number: number) => curlMailbox([`${url}/${number}`, "-u", `${user}:${demoPassword}`]);
  expectBoth(await of("erin@postern.test", 1), await of("erin@postern.test", 2));
});

test("a mail program says the bridge's password, and hears of the mailbox at the provider", async () => {
  fill(provider.mailboxes, "carol");
  const url = `pop3://127.0.0.1:${product.ports.trustedPop3}/`;
  expect(await curlMailbox([`${url}1`, "-u", `carol:${clientPassword}`])).toBe(clean.toString("latin1"));
  await expect(curlMailbox([`${url}1`, "-u", `carol:${demoPassword}`])).rejects.toThrow(/[Dd]enied/);
});

test("people outside fetch from our server, inside TLS alone", async () => {
  fill(product.mailboxes, "frank");
  const trust = ["--cacert", authorityFile, "-u", `frank:${demoPassword}`];
  const implicit = (number: number) =>
    curlMailbox([
      `pop3s://${ours}:${ports.implicit}/${number}`,
      "--resolve",
      `${ours}:${ports.implicit}:127.0.0.1`,
      ...trust,
    ]);
  const stls = (number: number) =>
    curlMailbox([
      `pop3://${ours}:${ports.stls}/${number}`,
      "--ssl-reqd",
      "--resolve",
      `${ours}:${ports.stls}:127.0.0.1`,
      ...trust,
    ]);
  expectBoth(await implicit(1), await implicit(2));
  expectBoth(await stls(1), await stls(2));
  const clear = curlMailbox([`pop3://127.0.0.1:${ports.stls}/1`, "-u", `frank:${demoPassword}`]);
  await expect(clear).rejects.toThrow();
});

test("the Messages and Connections pages show what was fetched and by whom, and the Routes page that the servers serve", async () => {
  await open("/messages");
  const rows = page.getByRole("row").filter({ hasText: "Your invoice" });
  await expect(rows.first()).toContainText("mallory@outside.test");
  await open("/connections");
  const session = page.getByRole("row").filter({ hasText: "frank" }).first();
  await expect(session).toContainText(/External pop3/i);
  await session.getByRole("link").first().click();
  await expect(page.getByText("TLSv1.3").first()).toBeVisible();
  await open("/routes");
  await expect(page.getByRole("row", { name: /our server/ })).toContainText("serving");
  await expect(page.getByRole("row", { name: /provider/ })).toContainText("serving");
  await lookAt(page, "pop3 routes");
});
