import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * Puts the built script and style into the page itself and lets nothing else run: a policy with their hashes
 * travels in the page, so that it holds wherever the page is served from.
 */
export function inline(): Plugin {
  return {
    name: "inline",
    enforce: "post",
    generateBundle(_options, bundle) {
      const page = bundle["index.html"];
      if (page?.type !== "asset") throw new Error("the build made no index.html");
      let script = "";
      let style = "";
      for (const [name, file] of Object.entries(bundle)) {
        if (file.type === "chunk") script += file.code.trim();
        else if (name.endsWith(".css")) style += String(file.source).trim();
        else continue;
        delete bundle[name];
      }
      const policy =
        `default-src 'none';script-src ${hash(script)};style-src ${hash(style)};` +
        "connect-src 'self';img-src data:;base-uri 'none';form-action 'none'";
      page.source = String(page.source)
        .replace(/<script type="module"[^>]*><\/script>/, "")
        .replace(/<link rel="stylesheet"[^>]*>/, "")
        .replace(/<!--(?!\/?place).*?-->/gs, "")
        .replace(/>\s+</g, "><")
        .replace(/\s+/g, " ")
        .replace('<meta name="viewport"', `<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="viewport"`)
        .replace("</head>", () => `<style>${style}</style></head>`)
        .replace("</body>", () => `<script type="module">${script}</script></body>`)
        .trim();
    },
  };
}
