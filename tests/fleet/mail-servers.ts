import { EximServer } from "../support/exim-server.ts";
import type { MailServer, MailServerOptions } from "../support/mail-server.ts";
import { OpenSmtpdServer } from "../support/opensmtpd-server.ts";
import { PostfixServer, postfixPrograms } from "../support/postfix-server.ts";
import { type Requirement, requires, requiresUnpacked } from "../support/requires.ts";

/** The real servers of the fleet. */
export const mailServers: readonly {
  name: string;
  requirement: Requirement;
  start(options?: MailServerOptions): Promise<MailServer>;
}[] = [
  {
    name: "Postfix",
    requirement: requires(postfixPrograms, { root: true }),
    start: (o) => PostfixServer.start(o),
  },
  { name: "Exim", requirement: requiresUnpacked("exim4"), start: (o) => EximServer.start(o) },
  {
    name: "OpenSMTPD",
    requirement: requiresUnpacked("smtpd"),
    start: (o) => OpenSmtpdServer.start(o),
  },
];
