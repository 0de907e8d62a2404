import type { NextConfig } from "next";

const api = process.env.DEV_API ?? "http://localhost:8000";

const config: NextConfig = {
  trailingSlash: true,
  reactStrictMode: true,
  reactCompiler: true,
  images: { unoptimized: true },
  turbopack: {
    root: import.meta.dirname,
    // It writes <style> elements, which the Content-Security-Policy forbids.
    resolveAlias: { "react-style-singleton": "./src/lib/csp/style-singleton.ts" },
  },
  ...(process.env.NODE_ENV === "development"
    ? {
        // `npm run dev` passes on what belongs to a running service, so that both are one origin.
        rewrites: async () => ({
          beforeFiles: ["/api/:path*/", "/media/:path*", "/i/:path*", "/config.json"].map(
            (source) => ({ source, destination: `${api}${source}` }),
          ),
          afterFiles: [],
          fallback: [],
        }),
      }
    : // Static files only: Django, or any web server, answers them.
      { output: "export" }),
};

export default config;
