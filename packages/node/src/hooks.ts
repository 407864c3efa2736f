import { register, supportsSyncHooks } from "import-in-the-middle/register-hooks.mjs";

/** Whether instrumentations see ES modules in this Node. */
export const seesModules: boolean = supportsSyncHooks();

// Instrumentations find ES modules through these hooks. They must be there before any module of the SDK is loaded:
// loaded earlier, the SDK's own http is patched twice and client spans double in CommonJS applications.
if (seesModules) register();
