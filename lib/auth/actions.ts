"use server";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { clientAddress } from "./client-address.ts";
import { sessionCookie } from "./cookie.ts";
import { endSession } from "./mutations.ts";
import { currentSession } from "./session.ts";

/** Ends this session here and on the server. */
export async function signOut(): Promise<void> {
  const session = await currentSession();
  if (session !== null) await endSession(session, clientAddress(await headers()));
  const { name, options } = sessionCookie();
  (await cookies()).set(name, "", { ...options, maxAge: 0 });
  redirect("/login");
}
