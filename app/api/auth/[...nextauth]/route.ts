import type { NextRequest } from "next/server";
import NextAuth from "next-auth";
import { authOptions } from "#lib/auth/options.ts";
import { databaseAnswers } from "#lib/health/queries.ts";

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params;
  // next-auth would write what anybody posts there into our log.
  if (nextauth[0] === "_log") return new Response(null, { status: 204 });
  // next-auth would take the cookie of everybody whose session it cannot look up, and so sign them out.
  if (nextauth[0] === "session" && !(await databaseAnswers())) return new Response(null, { status: 503 });
  const answer: Response = await NextAuth(request, context, authOptions());
  return answer;
}

export { handle as GET, handle as POST };
