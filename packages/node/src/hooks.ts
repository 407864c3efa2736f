import { registerHooks } from "node:module";
import { register, supportsSyncHooks } from "import-in-the-middle/register-hooks.mjs";

/** Whether instrumentations see ES modules in this Node. */
export const seesModules: boolean = supportsSyncHooks();

// Instrumentations find ES modules through these hooks. They must be there before any module of the SDK is loaded:
// loaded earlier, the SDK's own http is patched twice and client spans double in CommonJS applications.
if (seesModules) {
  register();
  // Of `node -e` Node says that node:module is CommonJS, and the hook above then tries to read it as a file.
  registerHooks({
    load: (url, context, next) =>
      url.startsWith("node:") && context.format !== "builtin"
        ? next(url, { ...context, format: "builtin" })
        : next(url, context),
  });
}
