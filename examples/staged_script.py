x = 3  # example values
y = -4

# forward pass
sigy = 1.0 / (1 + math.exp(-y))  # sigmoid in numerator
num = x + sigy  # numerator
sigx = 1.0 / (1 + math.exp(-x))  # sigmoid in denominator
xpy = x + y
xpysqr = xpy**2
den = sigx + xpysqr  # denominator
invden = 1.0 / den
f = num * invden  # done!
