import type { NextConfig } from "next";

const contentSecurityPolicy = [
  "default-src 'self'",
  // Next streams a page's data in inline scripts; a nonce would need its request proxy in front of every page.
  `script-src 'self' 'unsafe-inline'${process.env.NODE_ENV === "development" ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const config: NextConfig = {
  // A page of 2,000 rules is a tenth of its size on the wire. The event stream, which would come in lumps, says no-transform.
  compress: true,
  poweredByHeader: false,
  images: { unoptimized: true },
  // A policy document of 8 MiB can be imported.
  experimental: { serverActions: { bodySizeLimit: "10mb" } },
  serverExternalPackages: ["pg", "pdfkit"],
  // `npm run check` checks the types of everything; a build for `npm start` need not wait for that.
  typescript: { ignoreBuildErrors: true },
  redirects: async () => [{ source: "/policies/lists", destination: "/lists", permanent: true }],
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "Content-Security-Policy", value: contentSecurityPolicy },
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Referrer-Policy", value: "same-origin" },
        { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()" },
        { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
      ],
    },
  ],
};

export default config;
