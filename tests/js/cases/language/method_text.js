// The text of a method begins at its name.
class A { static /* b */ m() {} static get /* a */ g() { return 1 } static async *ag() {} 'x y'() {} [1+1]() {} #p() {} static p2() { return new A().#p.toString() } }
console.log(A.m.toString()); console.log(Object.getOwnPropertyDescriptor(A,'g').get.toString(), A.ag.toString(), A.prototype['x y'].toString(), A.prototype[2].toString());
