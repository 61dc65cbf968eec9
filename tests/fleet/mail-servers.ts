import { EximServer } from "../support/exim-server.ts";
import type { MailServer, MailServerOptions } from "../support/mail-server.ts";
import { OpenSmtpdServer } from "../support/opensmtpd-server.ts";
import { PostfixServer, postfixPrograms } from "../support/postfix-server.ts";
import { type Requirement, requires, requiresUnpacked } from "../support/requires.ts";

/**
 * The real servers of the fleet. Debian 12's OpenSMTPD, 6.8 on OpenSSL 3, starts TLS as a client and fails as a server, whatever its key
 * (github.com/OpenSMTPD/OpenSMTPD/issues/1171).
 */
export const mailServers: readonly {
  name: string;
  requirement: Requirement;
  servesTls: boolean;
  start(options?: MailServerOptions): Promise<MailServer>;
}[] = [
  {
    name: "Postfix",
    requirement: requires(postfixPrograms, { root: true }),
    servesTls: true,
    start: (o) => PostfixServer.start(o),
  },
  { name: "Exim", requirement: requiresUnpacked("exim4"), servesTls: true, start: (o) => EximServer.start(o) },
  {
    name: "OpenSMTPD",
    requirement: requiresUnpacked("smtpd"),
    servesTls: false,
    start: (o) => OpenSmtpdServer.start(o),
  },
];
