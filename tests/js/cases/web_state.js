const s=require('stream'), L=console.log;
(async()=>{ const r=new ReadableStream({start(c){c.enqueue(1);c.close()}}); L(s.isReadable(r),s.isErrored(r),s.isDisturbed(r)); await Array.fromAsync(r); L(s.isReadable(r),s.isErrored(r),s.isDisturbed(r));
const e=new ReadableStream({start(c){c.error(1)}}); L(s.isReadable(e),s.isErrored(e),s.isDisturbed(e));
const w=new WritableStream(); L(s.isWritable(w),s.isErrored(w)); await w.close(); L(s.isWritable(w));
const n=s.Readable.from([1]); L(s.isReadable(n),s.isErrored(n),s.isDisturbed(n)); await n.toArray(); L(s.isReadable(n),s.isDisturbed(n)); L(s.isDisturbed(null), s.isDisturbed({}), s.isErrored(null));
const p=new s.PassThrough(); L(s.isWritable(p)); p.end(); L(s.isWritable(p));
})();
