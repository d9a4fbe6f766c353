exports.x=1; Object.defineProperty(exports,"y",{enumerable:true,value:2}); exports.z=require("./lib.mjs").a
