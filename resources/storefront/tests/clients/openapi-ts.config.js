export default { input: process.env.GLUE_DOCUMENT, output: { path: "sdk", module: { extension: ".js" } } };
